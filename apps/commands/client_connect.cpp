// SPDX-License-Identifier: Apache-2.0
#include "apps/commands/client_connect.hpp"

#include "actors/ledger/client_session.hpp"
#include "actors/systems/remote_ledger.hpp"
#include "apps/commands/connected_message.hpp"
#include "apps/folders/cluster_folder.hpp"
#include "apps/folders/pinned_node.hpp"
#include "apps/options/endpoint.hpp"
#include "apps/options/load_options.hpp"
#include "apps/options/peer_options.hpp"
#include "apps/options/signing_options.hpp"
#include "apps/platform/hardware_threads.hpp"
#include "apps/platform/signal_watch.hpp"
#include "apps/terminal/console.hpp"
#include "apps/terminal/figures.hpp"
#include "apps/terminal/progress_line.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace chancery::apps {

namespace {

using milliseconds = std::chrono::milliseconds;

/// Time for the last answers after a signal.
constexpr auto answer_patience = milliseconds(10'000);

milliseconds wait_of(const connect_choice& choice) {
  return milliseconds(std::llround(choice.wait_s * 1'000));
}

actors::client_load load_of(const connect_choice& choice) {
  actors::client_load load;
  load.clients = choice.clients;
  load.rate = choice.rate;
  load.duration = choice.duration;
  // While the node is away, each client seals its message again after every
  // pause: this pause limits all clients together to 2,000 a second.
  load.busy_pause = std::max(milliseconds(50), milliseconds(load.clients / 2));
  load.patience = answer_patience;
  message_count(load.clients, load.rate, load.duration); // checks the range
  return load;
}

actors::remote_ledger_options
options_for(const connect_choice& choice, const endpoint& place,
            const std::optional<crypto::key_id>& node) {
  if (choice.cluster.empty())
    throw usage_error("--connect needs this host's certificate: --cluster DIR, "
                      "as `chancery cluster issue` makes it");
  actors::remote_ledger_options options;
  options.credentials =
      cluster_folder(choice.cluster).load(crypto::host_role::client);
  options.host = place.host;
  options.port = place.port;
  options.node = node;
  options.software = "chancery " CHANCERY_VERSION;
  options.tell = [text = to_text(place)](bool connected,
                                         const std::string& why) {
    note(connected ? fmt::format("connected to {}", text)
                   : fmt::format("not connected to {}: {}; trying again", text,
                                 one_line(why)));
  };
  return options;
}

bool good(const actors::client_load_result& r) {
  return r.failures == 0 && r.refused == 0 && r.accepted == r.sent &&
         !r.stopped;
}

void answer_json(const crypto::key_id& node,
                 const actors::client_load_result& r) {
  answer({{"node", crypto::to_text(node)},
          {"sent", r.sent},
          {"accepted", r.accepted},
          {"refused", r.refused},
          {"again", r.again},
          {"failures", r.failures},
          {"latency_ms_p50", r.latency_ms_p50},
          {"latency_ms_p99", r.latency_ms_p99},
          {"latency_ms_max", r.latency_ms_max},
          {"messages_per_second", per_second(r.accepted, r.seconds)},
          {"seconds", r.seconds},
          {"stopped", r.stopped}});
}

void answer_people(std::uint64_t clients, const crypto::key_id& node,
                   const actors::client_load_result& r) {
  const auto row = [](std::string_view name, const std::string& value) {
    say(report_row(name, value));
  };
  say(fmt::format(
      "{} clients sent {} messages to node {} in {:.1f} s:", grouped(clients),
      grouped(r.sent), crypto::to_text(node), r.seconds));
  row("accepted, with receipt", grouped(r.accepted));
  row("refused", grouped(r.refused));
  row("resent", grouped(r.again));
  row("clients that failed", grouped(r.failures));
  row("latency p50", fmt::format("{:.1f} ms", r.latency_ms_p50));
  row("latency p99", fmt::format("{:.1f} ms", r.latency_ms_p99));
  row("latency max", fmt::format("{:.1f} ms", r.latency_ms_max));
  row("messages per second",
      fmt::format("{:.1f}", per_second(r.accepted, r.seconds)));
}

int run_load(const command_context& context, const connect_choice& choice,
             const endpoint& place) {
  const auto load = load_of(choice);
  const auto pinned = pinned_node(choice.node_id);
  const signal_watch signals;
  auto options = options_for(choice, place, pinned);
  options.threads = hardware_threads();
  actors::remote_ledger ledger(options);
  if (!ledger.wait(wait_of(choice), signals.stop()))
    throw std::runtime_error("stopped before anything was sent");
  const auto keys = actors::read_node_keys(ledger.node_keys(), pinned,
                                           crypto::single_signatures);
  actors::ledger_progress progress;
  actors::client_load_result result;
  {
    const progress_line line("accepting", [&] {
      return progress_sample{
          .done = progress.accepted,
          .total =
              static_cast<std::uint64_t>(static_cast<double>(load.clients) *
                                         std::round(load.rate * load.duration)),
          .more = fmt::format("{} refused", grouped(progress.refused))};
    });
    result = ledger.run_clients(load, keys, signals.stop(), progress);
  }
  const auto& node = keys.signing.id();
  if (context.json)
    answer_json(node, result);
  else
    answer_people(load.clients, node, result);
  if (const auto why = ledger.failure(); !why.empty())
    note(fmt::format("the node refused this host: {}", one_line(why)));
  else if (result.failures > 0)
    note(fmt::format("{} clients failed, the first with: {}",
                     grouped(result.failures), one_line(result.failure)));
  if (result.stopped)
    note(fmt::format("stopped; {} messages have no receipt",
                     grouped(result.sent - result.accepted - result.refused)));
  return good(result) ? 0 : 1;
}

int send_message(const command_context& context, const connect_choice& choice,
                 const endpoint& place, const std::filesystem::path& root) {
  const auto node = node_of_client(root, pinned_node(choice.node_id));
  const signal_watch signals;
  actors::remote_ledger ledger(options_for(choice, place, node));
  if (!ledger.wait(wait_of(choice), signals.stop()))
    throw std::runtime_error("stopped before anything was sent");
  connected_message sending(context, ledger, root, node,
                            {wait_of(choice), &signals.stop()});
  tell_receipt(context, sending.send(*choice.body));
  return 0;
}

} // namespace

void add_connect_options(const command_spec& client, connect_choice& choice) {
  client
      .text("--connect", choice.place,
            "Send over the network to the node that listens there")
      .value_name("HOST:PORT");
  add_cluster_option(client, choice.cluster);
  const auto body =
      client
          .text("--message", choice.body,
                "Send this body, any JSON value, as the client of the "
                "folder, which is created if it is missing; - for "
                "standard input")
          .value_name("JSON");
  client
      .decimal("--wait", choice.wait_s, {0.1, 100'000},
               "Seconds to wait for the connection and for each answer to "
               "--message")
      .default_text("30");
  client
      .number("--clients", choice.clients, {1, actors::ledger_clients_max},
              "Number of clients in memory")
      .default_text("10")
      .excludes(body);
  client
      .decimal("--rate", choice.rate, {0.001, 10'000},
               "Messages per second from each client")
      .default_text("1")
      .excludes(body);
  client
      .decimal("--duration", choice.duration, {0.001, 1'000'000},
               "Seconds to send for")
      .default_text("60")
      .excludes(body);
}

int run_connected_client(const command_context& context,
                         const connect_choice& choice,
                         const std::filesystem::path& folder) {
  const auto place = parse_connect_endpoint("--connect", choice.place);
  return choice.body ? send_message(context, choice, place, folder)
                     : run_load(context, choice, place);
}

} // namespace chancery::apps
