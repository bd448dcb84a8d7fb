// SPDX-License-Identifier: Apache-2.0
// `chancery chain verify`: verifies the whole chain, from the head to the first
// block.

#include "actors/audit/chain_verify.hpp"

#include "apps/answers/chain_report_answers.hpp"
#include "apps/answers/rule_answers.hpp"
#include "apps/commands/commands.hpp"
#include "apps/folders/ledger_folder.hpp"
#include "apps/folders/pinned_node.hpp"
#include "apps/options/peer_options.hpp"
#include "apps/options/signing_options.hpp"
#include "apps/platform/hardware_threads.hpp"
#include "apps/platform/signal_watch.hpp"
#include "apps/terminal/console.hpp"
#include "apps/terminal/figures.hpp"
#include "apps/terminal/progress_line.hpp"

#include <fmt/format.h>
#include <memory>
#include <nlohmann/json.hpp>

namespace chancery::apps {

namespace {

struct chain_choice {
  std::optional<std::uint64_t> threads;
  std::string node_id;
};

int verify_whole_chain(const command_context& context,
                       const chain_choice& choice) {
  const auto pinned = pinned_node(choice.node_id);
  const auto folder = ledger_folder::existing(context);
  const signal_watch signals;
  const auto store = folder.open_to_read(context.map_size);
  const auto node = folder.public_keys(store).signing;
  require_pinned(node.id(), pinned);
  const auto total = store.read().message_count();
  std::atomic<std::uint64_t> done{0};
  const auto report = [&] {
    const progress_line progress("verifying", [&] {
      return progress_sample{.done = done, .total = total};
    });
    return actors::verify_chain(
        store, node, {.threads = choice.threads.value_or(hardware_threads())},
        done, signals.stop());
  }();
  if (context.json)
    answer(chain_report_json(report, node.id()));
  else
    say(chain_report_text(report, node.id()));
  if (any_broken(report.rules))
    note_broken(report.rules);
  else if (!report.passed)
    note("stopped before the whole chain was checked");
  return report.passed ? 0 : 1;
}

} // namespace

void add_chain_verify(const command_spec& chain) {
  const auto choice = std::make_shared<chain_choice>();
  const auto command =
      chain.add("verify", "Checks every block, message, sequence and receipt",
                "chancery chain verify --json");
  command.number("--threads", choice->threads, {1, actors::signers_max},
                 "Threads (default: one per core)");
  add_node_id(command, choice->node_id);
  command.runs_until_a_signal(verify_whole_chain, choice);
}

} // namespace chancery::apps
