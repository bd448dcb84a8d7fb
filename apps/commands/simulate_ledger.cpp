// SPDX-License-Identifier: Apache-2.0
// `chancery simulate ledger`: runs a node and its clients in a temporary folder
// that is removed afterwards. The clients send at a steady rate; then the whole
// chain and every receipt that a client holds are verified. With --attack every
// rule is broken once.

#include "actors/audit/chain_verify.hpp"
#include "actors/ledger/client_session.hpp"
#include "actors/systems/ledger_simulation.hpp"
#include "apps/answers/chain_report_answers.hpp"
#include "apps/answers/rule_answers.hpp"
#include "apps/commands/commands.hpp"
#include "apps/commands/node_choice.hpp"
#include "apps/commands/simulation_run.hpp"
#include "apps/folders/ledger_folder.hpp"
#include "apps/options/load_options.hpp"
#include "apps/options/signing_options.hpp"
#include "apps/platform/hardware_threads.hpp"
#include "apps/platform/scratch_folder.hpp"
#include "apps/simulation/attacks.hpp"
#include "apps/simulation/interruption.hpp"
#include "apps/simulation/receipt_check.hpp"
#include "apps/terminal/console.hpp"
#include "apps/terminal/figures.hpp"
#include "apps/terminal/progress_line.hpp"
#include "crypto/ledger/block.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <memory>
#include <nlohmann/json.hpp>

namespace chancery::apps {

namespace {

using json = nlohmann::ordered_json;

struct ledger_simulation : load_choice {
  std::optional<std::uint64_t> validators;
  bool attack = false;
  std::filesystem::path keep;
};

struct ledger_simulation_result {
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

actors::ledger_node_options node_options(const ledger_simulation& wanted) {
  actors::ledger_node_options options;
  options.validators = wanted.validators.value_or(hardware_threads());
  options.provider = chosen_provider("auto", crypto::curve::p256);
  return options;
}

actors::ledger_simulation_result send_all(opened_ledger& ledger,
                                          const ledger_simulation& wanted,
                                          const std::atomic<bool>& stop) {
  actors::ledger_simulation_options options;
  options.clients = wanted.clients;
  options.rate = wanted.rate;
  options.duration = wanted.duration;
  options.speed = wanted.speed;
  options.node = node_options(wanted);
  actors::ledger_progress progress;
  const progress_line line("accepting", [&] {
    return progress_sample{.done = progress.accepted,
                           .total = wanted.messages(),
                           .more = fmt::format("{} blocks, {} refused",
                                               grouped(progress.blocks),
                                               grouped(progress.refused))};
  });
  return actors::simulate_ledger(ledger.store, ledger.identity, options, stop,
                                 progress);
}

void verify_all(const opened_ledger& ledger, const std::atomic<bool>& stop,
                ledger_simulation_result& result) {
  const auto& node = ledger.identity.signing.public_half();
  std::atomic<std::uint64_t> done{0};
  {
    const progress_line line("verifying the chain", [&] {
      return progress_sample{.done = done, .total = result.run.accepted};
    });
    result.chain = actors::verify_chain(
        ledger.store, node, {.threads = hardware_threads()}, done, stop);
  }
  throw_if_stopped(stop);
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

/// Starts another node, as the list of allowed clients is fixed for a run.
attack_result attack_with_list(const command_context& context) {
  const scratch_folder scratch;
  auto ledger = ledger_folder(scratch.path()).open_for_node(context, {});
  actors::ledger_node_options options;
  options.allowed.emplace();
  actors::ledger_node node(ledger.store, ledger.identity, options);
  return attack_closed_node(
      handing_to(node),
      actors::read_node_keys(node.keys(), {}, crypto::single_signatures));
}

/// Restarts the node on the chain that the simulation left.
std::vector<attack_result> attack_all(const command_context& context,
                                      const ledger_folder& folder,
                                      const ledger_simulation& wanted) {
  auto ledger = folder.open_for_node(context, std::nullopt);
  actors::ledger_node node(ledger.store, ledger.identity, node_options(wanted));
  auto results = attack_open_node(
      handing_to(node),
      actors::read_node_keys(node.keys(), {}, crypto::single_signatures));
  results.push_back(attack_with_list(context));
  return results;
}

ledger_simulation_result simulate(const command_context& context,
                                  const ledger_folder& folder,
                                  const ledger_simulation& wanted,
                                  const std::atomic<bool>& stop) {
  ledger_simulation_result result;
  {
    auto ledger = folder.open_for_node(
        context, static_cast<std::uint32_t>(wanted.block_size));
    result.run = send_all(ledger, wanted, stop);
    throw_if_stopped(stop);
    verify_all(ledger, stop, result);
  }
  throw_if_stopped(stop);
  if (!wanted.attack)
    return result;
  result.attacks = attack_all(context, folder, wanted);
  const auto figures = result.chain;
  const auto ledger = folder.open_for_node(context, std::nullopt);
  verify_all(ledger, stop, result);
  if (result.chain.messages != figures.messages + honest_messages)
    result.receipt_fault = "an attack left a message in the ledger";
  // Report the figures of the honest run.
  result.chain.blocks = figures.blocks;
  result.chain.pending = figures.pending;
  return result;
}

void answer_json(const ledger_simulation_result& r) {
  json object{
      {"sent", r.run.sent},
      {"accepted", r.run.accepted},
      {"refused", r.run.refused},
      {"blocks", r.chain.blocks},
      {"pending", r.chain.pending},
      {"latency_ms_p50", r.run.latency_ms_p50},
      {"latency_ms_p99", r.run.latency_ms_p99},
      {"messages_per_second", per_second(r.run.accepted, r.run.seconds)},
      {"provider", ledger_provider_text()},
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
  say(fmt::format("Attacks and the node's answers ({}):", attacks.size()));
  for (const auto& one : attacks)
    say(fmt::format(
        "  {} {:<52}{}{}", one.held() ? "✓" : "✗", one.attack, one.got,
        one.held() ? "" : fmt::format(" instead of {}", one.expected)));
}

void answer_people(const ledger_simulation& wanted,
                   const ledger_simulation_result& r) {
  const auto row = [](std::string_view name, const std::string& value) {
    say(report_row(name, value));
  };
  say(fmt::format("{} clients sent {} messages to one node in {:.1f} s:",
                  grouped(wanted.clients), grouped(r.run.sent), r.run.seconds));
  row("accepted", grouped(r.run.accepted));
  row("refused", grouped(r.run.refused));
  row("blocks", fmt::format("{} of {} messages", grouped(r.chain.blocks),
                            grouped(wanted.block_size)));
  row("not in a block yet", grouped(r.chain.pending));
  row("latency p50", fmt::format("{:.1f} ms", r.run.latency_ms_p50));
  row("latency p99", fmt::format("{:.1f} ms", r.run.latency_ms_p99));
  row("messages per second",
      fmt::format("{:.1f}", per_second(r.run.accepted, r.run.seconds)));
  row("crypto provider", ledger_provider_text());
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

int simulate_ledger(const command_context& context,
                    const ledger_simulation& wanted) {
  wanted.messages(); // checks the range
  return run_simulation(wanted.keep, [&](const auto& root, const auto& stop) {
    const auto result = simulate(context, ledger_folder(root), wanted, stop);
    if (context.json)
      answer_json(result);
    else
      answer_people(wanted, result);
    return result.good();
  });
}

} // namespace

void add_simulate_ledger(const command_spec& simulate_app) {
  const auto wanted = std::make_shared<ledger_simulation>();
  const auto command = simulate_app.add(
      "ledger",
      "Runs clients against a node, verifies the chain and the receipts",
      "chancery simulate ledger --speed 60 --attack");
  add_load_options(command, *wanted, actors::ledger_clients_max);
  command.number("--validators", wanted->validators,
                 {1, actors::validators_max},
                 "Threads that decrypt and verify (default: one per core)");
  command.flag("--attack", wanted->attack,
               "Also break every rule once, and show the node's answers");
  add_keep_option(command, wanted->keep);
  command.runs_until_a_signal(simulate_ledger, wanted);
}

} // namespace chancery::apps
