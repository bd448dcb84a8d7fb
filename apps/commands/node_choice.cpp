// SPDX-License-Identifier: Apache-2.0
#include "apps/commands/node_choice.hpp"

#include "actors/ledger/chain.hpp"
#include "apps/answers/ledger_clock.hpp"
#include "apps/folders/cluster_folder.hpp"
#include "apps/folders/deny_file.hpp"
#include "apps/folders/trust_file.hpp"
#include "apps/options/endpoint.hpp"
#include "apps/options/peer_options.hpp"
#include "apps/options/signing_options.hpp"
#include "apps/platform/hardware_threads.hpp"
#include "apps/terminal/console.hpp"
#include "apps/terminal/figures.hpp"
#include "crypto/ledger/block.hpp"
#include "crypto/providers/key_agreement.hpp"

#include <fmt/format.h>

namespace chancery::apps {

namespace {

actors::ledger_listening listening_for(const node_choice& choice,
                                       const std::string& option) {
  const auto place = parse_listen_endpoint(option, choice.listen);
  if (choice.cluster.empty())
    throw usage_error(option + " needs this host's certificate: --cluster "
                               "DIR, as `chancery cluster issue` makes it");
  actors::ledger_listening listening;
  listening.credentials =
      cluster_folder(choice.cluster).load(crypto::host_role::node);
  listening.address = place.host;
  listening.port = place.port;
  listening.software = "chancery " CHANCERY_VERSION;
  listening.log = [](const std::string& line) { note(line); };
  listening.denied = denied_by(choice.deny, listening.log);
  return listening;
}

/// Logs the address and the certificate's name that clients connect to.
void note_listening(const actors::ledger_node& node,
                    const actors::ledger_listening& listening) {
  const auto host = crypto::check_host_credentials(
      listening.credentials, std::chrono::system_clock::now());
  note(fmt::format("listening on {} as {} of the cluster",
                   to_text(endpoint{listening.address, node.port()}),
                   host.name));
}

} // namespace

std::optional<std::uint32_t> node_choice::blocks_of() const {
  if (!block_size)
    return std::nullopt;
  return static_cast<std::uint32_t>(*block_size);
}

void add_node_options(const command_spec& command, node_choice& choice) {
  command.number(
      "--block-size", choice.block_size, {1, crypto::block_size_max},
      "Messages per block, fixed when the chain is made (default: the "
      "chain's own; 100 for a new chain)");
  command
      .text("--allow", choice.allow,
            "Client ids, one per line: no other client may register or send")
      .value_name("FILE");
  command.number("--client-rate", choice.client_rate, {1, 1'000'000},
                 "Messages that one client may send a second (default: no "
                 "limit)");
  command.number("--client-bytes", choice.client_bytes,
                 {1, std::uint64_t{1} << 50},
                 "Bytes of messages that one client may send a day, of UTC "
                 "(default: no limit)");
  command.number("--disk-reserve", choice.disk_reserve, {0, 1 << 20},
                 "MiB that stay free on the disk: below, messages and records "
                 "are refused as disk_full");
  command.number("--validators", choice.validators, {1, actors::validators_max},
                 "Threads that decrypt and verify (default: one per core)");
  add_cluster_option(command, choice.cluster);
  add_deny_option(command, choice.deny);
}

std::string ledger_provider_text() {
  return crypto::ledger_description(
      chosen_provider("auto", crypto::curve::p256));
}

actors::ledger_node_options node_options(const node_choice& choice,
                                         const std::string& listen_option) {
  actors::ledger_node_options options;
  options.validators = choice.validators.value_or(hardware_threads());
  options.provider = chosen_provider("auto", crypto::curve::p256);
  if (!choice.allow.empty()) {
    const auto ids = read_trust_file(choice.allow);
    options.allowed.emplace(ids.begin(), ids.end());
  }
  options.limits = {choice.client_rate, choice.client_bytes};
  options.disk_reserve = choice.disk_reserve << 20;
  if (!choice.listen.empty())
    options.listening = listening_for(choice, listen_option);
  else if (!choice.deny.empty())
    throw usage_error("--deny is for hosts that connect: it needs " +
                      listen_option);
  return options;
}

void note_node_start(const opened_ledger& ledger,
                     const actors::ledger_node& node,
                     const actors::ledger_node_options& options) {
  const auto view = ledger.store.read();
  note(fmt::format("node {}: {} messages in a block, {} messages and {} blocks "
                   "so far",
                   crypto::to_text(ledger.identity.id()),
                   grouped(ledger.store.info().block_size),
                   grouped(view.message_count()), grouped(view.block_count())));
  note("it computes by " + ledger_provider_text());
  if (const auto ahead = ahead_text(actors::last_time_ms(view), now_ms());
      !ahead.empty())
    warn(ahead);
  if (options.listening)
    note_listening(node, *options.listening);
}

std::uint64_t total_refused(const actors::ledger_counters& counters) {
  std::uint64_t total = 0;
  for (const auto& [code, count] : counters.refused)
    total += count;
  return total;
}

void note_node_end(const actors::ledger_counters& counters) {
  std::string codes;
  for (const auto& [code, count] : counters.refused)
    codes += fmt::format("{}{} {}", codes.empty() ? ": " : ", ", grouped(count),
                         crypto::to_text(code));
  note(fmt::format("node ended: {} accepted, {} repeated, {} registered, {} "
                   "refused{}",
                   grouped(counters.accepted), grouped(counters.repeated),
                   grouped(counters.registered),
                   grouped(total_refused(counters)), codes));
}

void throw_if_failed(const actors::ledger_node& node) {
  if (const auto why = node.failure(); !why.empty())
    throw std::runtime_error(
        fmt::format("the node cannot go on: {}; every message that has a "
                    "receipt is stored",
                    one_line(why)));
}

} // namespace chancery::apps
