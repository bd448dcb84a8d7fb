// SPDX-License-Identifier: Apache-2.0
#include "apps/answers/chain_report_answers.hpp"

#include "apps/answers/rule_answers.hpp"
#include "apps/terminal/figures.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace chancery::apps {

namespace {

using json = nlohmann::ordered_json;

constexpr const char* cannot_see =
    "whether the same node also signed another chain; clients that remember "
    "the highest block they saw can detect that";

} // namespace

json chain_report_json(const actors::chain_report& report,
                       const crypto::key_id& node) {
  return {{"passed", report.passed},
          {"rules", rules_json(report.rules)},
          {"node", crypto::to_text(node)},
          {"blocks", report.blocks},
          {"messages", report.messages},
          {"pending", report.pending},
          {"clients", report.clients},
          {"stopped", !report.passed && !any_broken(report.rules)},
          {"seconds", report.seconds},
          {"cannot_see", json::array({cannot_see})}};
}

std::string chain_report_text(const actors::chain_report& report,
                              const crypto::key_id& node) {
  std::string text;
  for (const auto& rule : report.rules)
    text += rule_text(rule) + '\n';
  text += fmt::format(
      "{} blocks, {} messages ({} not yet in a block), {} clients, {:.1f} s\n",
      grouped(report.blocks), grouped(report.messages), grouped(report.pending),
      grouped(report.clients), report.seconds);
  text += fmt::format("What this cannot see:\n  - {}\n", cannot_see);
  if (report.passed)
    return text +
           fmt::format("The chain of node {} holds.", crypto::to_text(node));
  return text + (any_broken(report.rules)
                     ? "The chain is broken."
                     : "The chain was not checked to its end.");
}

} // namespace chancery::apps
