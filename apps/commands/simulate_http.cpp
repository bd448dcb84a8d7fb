// SPDX-License-Identifier: Apache-2.0
// `chancery simulate http`: runs `chancery serve` as a process, on a free port
// of the loopback and with a temporary folder, and clients that register and
// post messages over HTTP. Then the chain is read over HTTP and verified
// against the node's key, which comes from the folder.

#include "apps/commands/commands.hpp"
#include "apps/commands/node_choice.hpp"
#include "apps/commands/simulation_run.hpp"
#include "apps/folders/ledger_folder.hpp"
#include "apps/options/load_options.hpp"
#include "apps/simulation/http_check.hpp"
#include "apps/simulation/http_fleet.hpp"
#include "apps/simulation/interruption.hpp"
#include "apps/simulation/simulated_host.hpp"
#include "apps/terminal/console.hpp"
#include "apps/terminal/figures.hpp"
#include "apps/terminal/progress_line.hpp"

#include <fmt/format.h>
#include <memory>
#include <nlohmann/json.hpp>
#include <thread>

namespace chancery::apps {

namespace {

using namespace std::chrono_literals;

struct http_simulation : load_choice {
  std::filesystem::path keep;
};

struct http_simulation_result {
  actors::client_load_result run;
  http_chain chain;
  std::string url;

  bool good() const {
    return chain.fault.empty() && run.failures == 0 && run.refused == 0 &&
           run.accepted == run.sent && run.accepted == chain.messages &&
           run.receipts.size() == run.accepted;
  }
};

/// Where it serves, once it does.
std::string await_url(simulated_host& server, const std::atomic<bool>& stop) {
  constexpr std::string_view before = "chancery serves ";
  for (;; std::this_thread::sleep_for(20ms)) {
    if (const auto line = server.first_line())
      return line->substr(std::min(before.size(), line->size()));
    if (const auto code = server.ended())
      server.fail(fmt::format("ended with {} on its own", *code));
    throw_if_stopped(stop);
  }
}

crypto::public_key node_of(const std::filesystem::path& data) {
  const ledger_folder folder(data);
  return folder.public_keys(folder.open_to_read(std::nullopt)).signing;
}

actors::client_load load_of(const http_simulation& wanted) {
  actors::client_load load;
  load.clients = wanted.clients;
  load.rate = wanted.rate;
  load.duration = wanted.duration;
  load.speed = wanted.speed;
  return load;
}

actors::client_load_result send_all(const http_client_options& server,
                                    const crypto::key_id& node,
                                    const http_simulation& wanted,
                                    const std::atomic<bool>& stop) {
  actors::ledger_progress progress;
  const progress_line line("accepting", [&] {
    return progress_sample{
        .done = progress.accepted,
        .total = wanted.messages(),
        .more = fmt::format("{} refused", grouped(progress.refused))};
  });
  return send_over_http(server, node, load_of(wanted), stop, progress);
}

http_chain read_all(const http_client_options& server,
                    const crypto::public_key& node,
                    const std::vector<actors::held_receipt>& held,
                    const std::atomic<bool>& stop) {
  std::atomic<std::uint64_t> done{0};
  const progress_line line("reading it back", [&] {
    return progress_sample{.done = done, .total = held.size()};
  });
  return check_over_http(server, node, held, done, stop);
}

http_simulation_result simulate(const http_simulation& wanted,
                                const std::filesystem::path& root,
                                const std::atomic<bool>& stop) {
  const auto data = root / "data";
  const auto logs = root / "logs";
  std::filesystem::create_directories(logs);
  simulated_host serve("serve", logs);
  serve.start({"--data", data.string(), "serve", "--http", "127.0.0.1:0",
               "--block-size", std::to_string(wanted.block_size)});
  http_simulation_result result;
  result.url = await_url(serve, stop);
  const auto port = result.url.substr(result.url.rfind(':') + 1);
  const http_client_options server{
      .port = static_cast<std::uint16_t>(std::stoul(port))};
  const auto node = node_of(data);
  result.run = send_all(server, node.id(), wanted, stop);
  throw_if_stopped(stop);
  result.chain = read_all(server, node, result.run.receipts, stop);
  throw_if_stopped(stop);
  serve.end(0, stop);
  return result;
}

void answer_json(const http_simulation_result& r) {
  answer(
      {{"sent", r.run.sent},
       {"accepted", r.run.accepted},
       {"refused", r.run.refused},
       {"again", r.run.again},
       {"blocks", r.chain.blocks},
       {"pending", r.chain.pending},
       {"latency_ms_p50", r.run.latency_ms_p50},
       {"latency_ms_p99", r.run.latency_ms_p99},
       {"messages_per_second", per_second(r.run.accepted, r.run.seconds)},
       {"provider", ledger_provider_text()},
       {"reads", r.chain.reads},
       {"proofs", r.chain.proofs},
       {"verified", r.good()},
       {"fault", r.chain.fault.empty() ? nlohmann::ordered_json()
                                       : nlohmann::ordered_json(r.chain.fault)},
       {"seconds", r.run.seconds}});
}

void answer_people(const http_simulation& wanted,
                   const http_simulation_result& r) {
  const auto row = [](std::string_view name, const std::string& value) {
    say(report_row(name, value));
  };
  say(fmt::format("{} clients posted {} messages to {} in {:.1f} s:",
                  grouped(wanted.clients), grouped(r.run.sent), r.url,
                  r.run.seconds));
  row("receipts", grouped(r.run.accepted));
  row("refused", grouped(r.run.refused));
  row("blocks", fmt::format("{} of {} messages", grouped(r.chain.blocks),
                            grouped(wanted.block_size)));
  row("not in a block yet", grouped(r.chain.pending));
  row("latency p50", fmt::format("{:.1f} ms", r.run.latency_ms_p50));
  row("latency p99", fmt::format("{:.1f} ms", r.run.latency_ms_p99));
  row("messages per second",
      fmt::format("{:.1f}", per_second(r.run.accepted, r.run.seconds)));
  row("crypto provider", ledger_provider_text());
  if (r.run.failures > 0)
    say(fmt::format("  ✗ {} clients failed: {}", r.run.failures,
                    r.run.failure));
  if (!r.chain.fault.empty())
    return say("  ✗ " + r.chain.fault);
  say(fmt::format(
      "  ✓ count, blocks by index and by hash, head and links agree "
      "({} requests)",
      grouped(r.chain.reads)));
  say(fmt::format("  ✓ every receipt's message is proven under the node's key "
                  "({}), or waits for its block ({})",
                  grouped(r.chain.proofs),
                  grouped(r.run.receipts.size() - r.chain.proofs)));
}

int simulate_http(const command_context& context,
                  const http_simulation& wanted) {
  wanted.messages(); // checks the range
  return run_simulation(wanted.keep, [&](const auto& root, const auto& stop) {
    const auto result = simulate(wanted, root, stop);
    if (context.json)
      answer_json(result);
    else
      answer_people(wanted, result);
    return result.good();
  });
}

} // namespace

void add_simulate_http(const command_spec& simulate_app) {
  const auto wanted = std::make_shared<http_simulation>();
  const auto command = simulate_app.add(
      "http",
      "Runs `serve` and clients that post over HTTP, reads the chain back and "
      "verifies it",
      "chancery simulate http --speed 60");
  add_load_options(command, *wanted, http_clients_max);
  add_keep_option(command, wanted->keep);
  command.runs_until_a_signal(simulate_http, wanted);
}

} // namespace chancery::apps
