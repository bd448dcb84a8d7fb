// SPDX-License-Identifier: Apache-2.0
// `chancery simulate ledger`: a node and its clients once through in a folder
// that goes again: messages at a steady rate, then the whole chain and every
// receipt that a client holds are verified, and with --attack every rule is
// broken once.

#include "actors/chain_verify.hpp"
#include "actors/client_session.hpp"
#include "actors/ledger_simulation.hpp"
#include "apps/attacks.hpp"
#include "apps/chain_report_answers.hpp"
#include "apps/commands.hpp"
#include "apps/console.hpp"
#include "apps/figures.hpp"
#include "apps/folder_root.hpp"
#include "apps/ledger_folder.hpp"
#include "apps/number_option.hpp"
#include "apps/progress_line.hpp"
#include "apps/receipt_check.hpp"
#include "apps/scratch_folder.hpp"
#include "apps/signal_watch.hpp"
#include "apps/signing_options.hpp"
#include "crypto/block.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <memory>
#include <nlohmann/json.hpp>

namespace chancery::apps {

namespace {

using json = nlohmann::ordered_json;

constexpr double messages_max = 1e8;

struct simulation {
  std::uint64_t clients = 10;
  double rate = 1;
  double duration = 60;
  double speed = 1;
  std::uint64_t block_size = default_block_size;
  std::optional<std::uint64_t> validators;
  bool attack = false;
  std::filesystem::path keep;

  /// As the clients count them: each sends a whole number.
  double messages() const {
    return static_cast<double>(clients) * std::round(rate * duration);
  }
};

struct simulation_result {
  actors::ledger_simulation_result run;
  actors::chain_report chain;
  std::string receipt_fault;
  std::vector<attack_result> attacks;
  double seconds = 0;

  bool verified() const { return chain.passed && receipt_fault.empty(); }
  bool good() const {
    return verified() && run.refused == 0 && run.accepted == run.sent &&
           std::all_of(attacks.begin(), attacks.end(),
                       [](const auto& attack) { return attack.held(); });
  }
};

void throw_if(const std::atomic<bool>& stop) {
  if (stop)
    throw std::runtime_error("stopped; the simulation is not complete");
}

actors::ledger_node_options node_options(const simulation& wanted) {
  actors::ledger_node_options options;
  options.validators = wanted.validators.value_or(hardware_threads());
  return options;
}

actors::ledger_simulation_result send_all(opened_ledger& ledger,
                                          const simulation& wanted,
                                          const std::atomic<bool>& stop) {
  actors::ledger_simulation_options options;
  options.clients = wanted.clients;
  options.rate = wanted.rate;
  options.duration = wanted.duration;
  options.speed = wanted.speed;
  options.node = node_options(wanted);
  actors::ledger_progress progress;
  const progress_line line("accepting", [&] {
    return progress_sample{
        .done = progress.accepted,
        .total = static_cast<std::uint64_t>(wanted.messages()),
        .more = fmt::format("{} blocks, {} refused", grouped(progress.blocks),
                            grouped(progress.refused))};
  });
  return actors::simulate_ledger(ledger.store, ledger.identity, options, stop,
                                 progress);
}

void verify_all(const opened_ledger& ledger, const std::atomic<bool>& stop,
                simulation_result& result) {
  const auto& node = ledger.identity.signing.public_half();
  std::atomic<std::uint64_t> done{0};
  {
    const progress_line line("verifying the chain", [&] {
      return progress_sample{.done = done, .total = result.run.accepted};
    });
    result.chain = actors::verify_chain(ledger.store, node, hardware_threads(),
                                        done, stop);
  }
  throw_if(stop);
  done = 0;
  const progress_line line("verifying receipts", [&] {
    return progress_sample{.done = done, .total = result.run.receipts.size()};
  });
  result.receipt_fault =
      check_receipts(ledger.store, node, result.run.receipts, done);
}

hand_in handing_to(actors::ledger_node& node) {
  return [&node](const std::string& line) { return node.submit(line).get(); };
}

/// A node of its own, as a list of clients is for a node's whole run.
attack_result attack_with_list(const command_context& context) {
  const scratch_folder scratch;
  auto ledger = ledger_folder(scratch.path()).open_for_node(context, {});
  actors::ledger_node_options options;
  options.allowed.emplace();
  actors::ledger_node node(ledger.store, ledger.identity, options);
  return attack_closed_node(handing_to(node),
                            actors::read_node_keys(node.keys(), {}));
}

/// The node starts again on the chain that the simulation left.
std::vector<attack_result> attack_all(const command_context& context,
                                      const ledger_folder& folder,
                                      const simulation& wanted) {
  auto ledger = folder.open_for_node(context, std::nullopt);
  actors::ledger_node node(ledger.store, ledger.identity, node_options(wanted));
  auto results = attack_open_node(handing_to(node),
                                  actors::read_node_keys(node.keys(), {}));
  results.push_back(attack_with_list(context));
  return results;
}

simulation_result run_simulation(const command_context& context,
                                 const ledger_folder& folder,
                                 const simulation& wanted,
                                 const std::atomic<bool>& stop) {
  simulation_result result;
  {
    auto ledger = folder.open_for_node(
        context, static_cast<std::uint32_t>(wanted.block_size));
    result.run = send_all(ledger, wanted, stop);
    throw_if(stop);
    verify_all(ledger, stop, result);
  }
  throw_if(stop);
  if (!wanted.attack)
    return result;
  result.attacks = attack_all(context, folder, wanted);
  const auto figures = result.chain;
  const auto ledger = folder.open_for_node(context, std::nullopt);
  verify_all(ledger, stop, result);
  if (result.chain.messages != figures.messages + honest_messages)
    result.receipt_fault = "an attack left a message in the ledger";
  // The figures of the report are those of the honest run.
  result.chain.blocks = figures.blocks;
  result.chain.pending = figures.pending;
  return result;
}

void answer_json(const simulation_result& r) {
  json object{
      {"sent", r.run.sent},
      {"accepted", r.run.accepted},
      {"refused", r.run.refused},
      {"blocks", r.chain.blocks},
      {"pending", r.chain.pending},
      {"latency_ms_p50", r.run.latency_ms_p50},
      {"latency_ms_p99", r.run.latency_ms_p99},
      {"messages_per_second", per_second(r.run.accepted, r.run.seconds)},
      {"verified", r.verified()},
      {"seconds", r.run.seconds}};
  if (!r.attacks.empty()) {
    auto& attacks = object["attacks"] = json::array();
    for (const auto& one : r.attacks)
      attacks.push_back({{"attack", one.attack},
                         {"expected", one.expected},
                         {"got", one.got}});
  }
  answer(object);
}

void say_attacks(const std::vector<attack_result>& attacks) {
  say(fmt::format("Attacks, and what the node answered ({}):", attacks.size()));
  for (const auto& one : attacks)
    say(fmt::format(
        "  {} {:<52}{}{}", one.held() ? "✓" : "✗", one.attack, one.got,
        one.held() ? "" : fmt::format(" instead of {}", one.expected)));
}

void answer_people(const simulation& wanted, const simulation_result& r) {
  const auto row = [](std::string_view name, const std::string& value) {
    say(fmt::format("  {:<24}{}", name, value));
  };
  say(fmt::format("{} clients sent {} messages to one node, in {:.1f} s:",
                  grouped(wanted.clients), grouped(r.run.sent), r.run.seconds));
  row("accepted", grouped(r.run.accepted));
  row("refused", grouped(r.run.refused));
  row("blocks", fmt::format("{} of {} messages", grouped(r.chain.blocks),
                            grouped(wanted.block_size)));
  row("short of a block", grouped(r.chain.pending));
  row("latency, half", fmt::format("{:.1f} ms", r.run.latency_ms_p50));
  row("latency, 99 of 100", fmt::format("{:.1f} ms", r.run.latency_ms_p99));
  row("messages per second",
      fmt::format("{:.1f}", per_second(r.run.accepted, r.run.seconds)));
  if (!r.attacks.empty())
    say_attacks(r.attacks);
  for (const auto& rule : r.chain.rules)
    say("  " + rule_text(rule));
  say(r.receipt_fault.empty()
          ? fmt::format("  ✓ every receipt that a client holds is in the chain "
                        "({})",
                        grouped(r.run.receipts.size()))
          : "  ✗ " + r.receipt_fault);
}

int simulate(const command_context& context, const simulation& wanted) {
  if (wanted.messages() < 1 || wanted.messages() > messages_max)
    throw usage_error(fmt::format("--clients, --rate and --duration make {} "
                                  "messages, and 1 to 100,000,000 can be sent",
                                  wanted.messages()));
  const signal_watch signals; // before anything that must be taken away
  std::optional<scratch_folder> scratch;
  if (wanted.keep.empty())
    scratch.emplace();
  else if (const auto name = stranger_in(wanted.keep))
    throw std::runtime_error(
        fmt::format("{} is not empty ({} is in it): name a new folder",
                    wanted.keep.string(), *name));
  const ledger_folder folder(scratch ? scratch->path() : wanted.keep);
  const auto result = run_simulation(context, folder, wanted, signals.stop());
  if (context.json)
    answer_json(result);
  else
    answer_people(wanted, result);
  if (result.good())
    return 0;
  note("the simulation found something wrong; --keep DIR keeps its data");
  return 1;
}

} // namespace

void add_simulate_ledger(CLI::App& simulate_app, command_context& context) {
  const auto wanted = std::make_shared<simulation>();
  auto* command = simulate_app.add_subcommand(
      "ledger", "Clients send to a node, then chain and receipts are verified");
  command->footer(help_footer("chancery simulate ledger --speed 60 --attack"));
  add_number(*command, "--clients", wanted->clients,
             {1, actors::ledger_clients_max}, "How many clients")
      ->default_str("10");
  add_decimal(*command, "--rate", wanted->rate, {0.001, 10'000},
              "Messages a second from each client")
      ->default_str("1");
  add_decimal(*command, "--duration", wanted->duration, {0.001, 1'000'000},
              "Seconds of the clients' time")
      ->default_str("60");
  add_decimal(*command, "--speed", wanted->speed, {0.001, 1'000'000},
              "How much faster that time runs")
      ->default_str("1");
  add_number(*command, "--block-size", wanted->block_size,
             {1, crypto::block_size_max}, "Messages in a block")
      ->default_str("100");
  add_number(*command, "--validators", wanted->validators,
             {1, actors::validators_max},
             "Threads that decrypt and verify (default: one a core)");
  command->add_flag(
      "--attack", wanted->attack,
      "Break every rule once, too, and show how the node answers");
  command
      ->add_option("--keep", wanted->keep,
                   "Use this new folder and leave it (default: a temporary one "
                   "under TMPDIR, removed at the end)")
      ->type_name("DIR");
  command->callback([&context, wanted] {
    context.action = [&context, wanted] { return simulate(context, *wanted); };
  });
}

} // namespace chancery::apps
