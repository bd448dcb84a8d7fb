// SPDX-License-Identifier: Apache-2.0
#include "apps/answers/rule_answers.hpp"

#include "apps/terminal/console.hpp"
#include "apps/terminal/figures.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace chancery::apps {

namespace {

std::string_view rule_mark(const actors::rule_report& rule) {
  return rule.kept() ? "✓" : "✗";
}

auto first_broken(const std::vector<actors::rule_report>& rules) {
  return std::find_if(rules.begin(), rules.end(),
                      [](const auto& rule) { return !rule.kept(); });
}

} // namespace

nlohmann::ordered_json rule_json(const actors::rule_report& rule) {
  nlohmann::ordered_json object{{"rule", rule.name},
                                {"sentence", rule.sentence},
                                {"checked", rule.checked}};
  if (!rule.unit.empty())
    object["unit"] = rule.unit;
  object["violations"] = rule.violations;
  object["first_violation"] = nullptr;
  if (!rule.kept())
    object["first_violation"] = rule.first_violation;
  return object;
}

nlohmann::ordered_json rules_json(const std::vector<actors::rule_report>& all) {
  auto array = nlohmann::ordered_json::array();
  for (const auto& rule : all)
    array.push_back(rule_json(rule));
  return array;
}

std::string rule_text(const actors::rule_report& rule) {
  auto text = fmt::format("{} {} ({}{}{})", rule_mark(rule), rule.sentence,
                          grouped(rule.checked), rule.unit.empty() ? "" : " ",
                          rule.unit);
  if (!rule.kept())
    text += fmt::format("\n    broken {} times; first: {}",
                        grouped(rule.violations), rule.first_violation);
  return text;
}

std::string short_rule_text(const actors::rule_report& rule) {
  return fmt::format("{} {}", rule_mark(rule),
                     rule.kept() ? rule.sentence : rule.first_violation);
}

bool any_broken(const std::vector<actors::rule_report>& rules) {
  return first_broken(rules) != rules.end();
}

void note_broken(const std::vector<actors::rule_report>& rules) {
  if (const auto rule = first_broken(rules); rule != rules.end())
    note(fmt::format("{} is broken: {}", rule->name, rule->first_violation));
}

} // namespace chancery::apps
