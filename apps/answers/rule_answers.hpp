// SPDX-License-Identifier: Apache-2.0
#pragma once

// A checked rule as JSON and as readable text. Pure functions, except
// note_broken().

#include "actors/base/rule_report.hpp"

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <vector>

namespace chancery::apps {

/// Omits "unit" when it is empty.
nlohmann::ordered_json rule_json(const actors::rule_report& rule);
nlohmann::ordered_json rules_json(const std::vector<actors::rule_report>& all);

/// "✓" or "✗", the sentence and the count; a second line has the first
/// violation.
std::string rule_text(const actors::rule_report& rule);

/// One line without counts: the mark, then the sentence or the first violation.
std::string short_rule_text(const actors::rule_report& rule);

bool any_broken(const std::vector<actors::rule_report>& rules);

/// Logs the first broken rule, if any, to stderr.
void note_broken(const std::vector<actors::rule_report>& rules);

} // namespace chancery::apps
