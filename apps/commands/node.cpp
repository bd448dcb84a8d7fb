// SPDX-License-Identifier: Apache-2.0
// `chancery node`: runs the ledger's node until a signal. With --listen it
// serves clients on other hosts, with --stdin it answers lines, and with --keys
// it only prints its keys.

#include "actors/ledger/chain.hpp"
#include "actors/systems/ledger_node.hpp"
#include "apps/answers/ledger_clock.hpp"
#include "apps/answers/line_service.hpp"
#include "apps/commands/commands.hpp"
#include "apps/folders/cluster_folder.hpp"
#include "apps/folders/deny_file.hpp"
#include "apps/folders/ledger_folder.hpp"
#include "apps/folders/trust_file.hpp"
#include "apps/options/endpoint.hpp"
#include "apps/options/peer_options.hpp"
#include "apps/options/signing_options.hpp"
#include "apps/platform/early_signals.hpp"
#include "apps/platform/hardware_threads.hpp"
#include "apps/platform/host_clock.hpp"
#include "apps/platform/signal_watch.hpp"
#include "apps/terminal/console.hpp"
#include "apps/terminal/figures.hpp"
#include "apps/terminal/progress_line.hpp"
#include "crypto/ledger/block.hpp"

#include <cerrno>
#include <csignal>
#include <cstring>
#include <fmt/format.h>
#include <memory>
#include <nlohmann/json.hpp>
#include <thread>
#include <unistd.h>

namespace chancery::apps {

namespace {

struct node_choice {
  std::optional<std::uint64_t> block_size;
  std::optional<std::uint64_t> validators;
  std::filesystem::path allow;
  std::optional<std::uint64_t> client_rate;
  std::optional<std::uint64_t> client_bytes;
  std::uint64_t disk_reserve = 64; ///< MiB
  std::string listen;              ///< ADDR:PORT; empty: not on the network
  std::filesystem::path cluster;
  std::filesystem::path deny; ///< empty: nobody
  bool lines = false;
  bool keys = false;

  std::optional<std::uint32_t> blocks_of() const {
    if (!block_size)
      return std::nullopt;
    return static_cast<std::uint32_t>(*block_size);
  }
};

int show_keys(const command_context& context,
              const crypto::node_identity& identity, std::uint32_t block_size) {
  const auto keys =
      crypto::sign_node_keys(identity, block_size, crypto::single_signatures);
  if (context.json)
    answer({{"keys", keys}, {"node", crypto::to_text(identity.id())}});
  else
    say(keys);
  return 0;
}

/// Works while a node runs, too: a complete folder is only read.
int keys(const command_context& context, const node_choice& choice) {
  release_signals();
  const ledger_folder folder(context.data);
  if (!folder.complete()) {
    const auto made = folder.open_for_node(context, choice.blocks_of());
    return show_keys(context, made.identity, made.store.info().block_size);
  }
  const auto identity = folder.open_identity(context);
  const auto store = folder.open_to_read(context.map_size);
  folder.check_chain(store.info(), identity.id(), choice.blocks_of());
  return show_keys(context, identity, store.info().block_size);
}

actors::ledger_listening listening_for(const node_choice& choice) {
  const auto place = parse_listen_endpoint("--listen", choice.listen);
  if (choice.cluster.empty())
    throw usage_error("--listen needs this host's certificate: --cluster DIR, "
                      "as `chancery cluster issue` makes it");
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

actors::ledger_node_options options_for(const node_choice& choice) {
  actors::ledger_node_options options;
  options.validators = choice.validators.value_or(hardware_threads());
  if (!choice.allow.empty()) {
    const auto ids = read_trust_file(choice.allow);
    options.allowed.emplace(ids.begin(), ids.end());
  }
  options.limits = {choice.client_rate, choice.client_bytes};
  options.disk_reserve = choice.disk_reserve << 20;
  if (!choice.listen.empty())
    options.listening = listening_for(choice);
  else if (!choice.deny.empty())
    throw usage_error("--deny is for hosts that connect: it needs --listen");
  return options;
}

void note_start(const opened_ledger& ledger) {
  const auto view = ledger.store.read();
  note(fmt::format("node {}: {} messages in a block, {} messages and {} blocks "
                   "so far",
                   crypto::to_text(ledger.identity.id()),
                   grouped(ledger.store.info().block_size),
                   grouped(view.message_count()), grouped(view.block_count())));
  if (const auto ahead = ahead_text(actors::last_time_ms(view), now_ms());
      !ahead.empty())
    warn(ahead);
}

std::uint64_t total_refused(const actors::ledger_counters& counters) {
  std::uint64_t total = 0;
  for (const auto& [code, count] : counters.refused)
    total += count;
  return total;
}

void note_end(const actors::ledger_counters& counters) {
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

void serve_lines(actors::ledger_node& node, const std::atomic<bool>& stop) {
  // A closed output becomes an error of write() instead of ending the process.
  std::signal(SIGPIPE, SIG_IGN);
  const auto served = serve(
      {.input = STDIN_FILENO,
       .output = STDOUT_FILENO,
       .submit = [&](std::string line) { return node.submit(std::move(line)); },
       .stop = [&] { return stop || !node.failure().empty(); }});
  throw_if_failed(node);
  if (served.write_error != 0)
    throw std::runtime_error(fmt::format(
        "the output is closed ({}): resend the messages that have no answer",
        std::strerror(served.write_error)));
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

void wait_for_end(const opened_ledger& ledger, const actors::ledger_node& node,
                  const std::atomic<bool>& stop) {
  const progress_line line("accepted", [&] {
    const auto counters = node.counters();
    const auto connected = node.connected();
    return progress_sample{
        .done = counters.accepted,
        .more = fmt::format(
            "{} refused, {} blocks{}", grouped(total_refused(counters)),
            grouped(ledger.store.read().block_count()),
            node.port() == 0 ? ""
            : connected == 1
                ? ", 1 host connected"
                : fmt::format(", {} hosts connected", grouped(connected)))};
  });
  while (!stop && node.failure().empty())
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
}

int run_node(const command_context& context, const node_choice& choice) {
  require_plausible_clock();
  if (choice.keys)
    return keys(context, choice);
  const auto options = options_for(choice);
  auto ledger =
      ledger_folder(context.data).open_for_node(context, choice.blocks_of());
  const signal_watch signals;
  actors::ledger_node node(ledger.store, ledger.identity, options);
  note_start(ledger);
  if (options.listening)
    note_listening(node, *options.listening);
  else if (!choice.lines)
    note("without --listen or --stdin no client can send to this node");
  if (choice.lines)
    serve_lines(node, signals.stop());
  else
    wait_for_end(ledger, node, signals.stop());
  throw_if_failed(node);
  note_end(node.counters());
  return 0;
}

} // namespace

void add_node(const command_spec& app) {
  const auto choice = std::make_shared<node_choice>();
  const auto command =
      app.add("node", "Runs the ledger's node on the data folder's chain",
              "chancery node --stdin <messages.txt >answers.jsonl\n"
              "    chancery node --listen 0.0.0.0:7402 --cluster node-host");
  command.number(
      "--block-size", choice->block_size, {1, crypto::block_size_max},
      "Messages per block, fixed when the chain is made (default: the "
      "chain's own; 100 for a new chain)");
  command
      .text("--allow", choice->allow,
            "Client ids, one per line: no other client may register or send")
      .value_name("FILE");
  command.number("--client-rate", choice->client_rate, {1, 1'000'000},
                 "Messages that one client may send a second (default: no "
                 "limit)");
  command.number("--client-bytes", choice->client_bytes,
                 {1, std::uint64_t{1} << 50},
                 "Bytes of messages that one client may send a day, of UTC "
                 "(default: no limit)");
  command.number("--disk-reserve", choice->disk_reserve, {0, 1 << 20},
                 "MiB that stay free on the disk: below, messages are refused "
                 "as disk_full");
  command.number("--validators", choice->validators,
                 {1, actors::validators_max},
                 "Threads that decrypt and verify (default: one per core)");
  const auto listen =
      command
          .text("--listen", choice->listen,
                "Accept clients on other hosts at this address of this "
                "host; port 0: any free port")
          .value_name("ADDR:PORT");
  add_cluster_option(command, choice->cluster);
  add_deny_option(command, choice->deny);
  const auto lines = command.flag(
      "--stdin", choice->lines,
      "Read one registration or message per line, and answer each with a line "
      "of JSON");
  command
      .flag("--keys", choice->keys,
            "Only print the node's signed public keys, which clients start "
            "from; missing keys are made first")
      .excludes(lines)
      .excludes(listen);
  lines.excludes(listen);
  command.runs_until_a_signal(run_node, choice);
}

} // namespace chancery::apps
