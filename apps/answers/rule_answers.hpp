// SPDX-License-Identifier: Apache-2.0
#pragma once

// How a checked rule is told, to programs and to people. Pure functions, but
// the last.

#include "actors/base/rule_report.hpp"

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <vector>

namespace chancery::apps {

/// "unit" is left out where it is empty.
nlohmann::ordered_json rule_json(const actors::rule_report& rule);
nlohmann::ordered_json rules_json(const std::vector<actors::rule_report>& all);

/// "✓" or "✗" and the sentence, with what breaks it on a line of its own.
std::string rule_text(const actors::rule_report& rule);

/// The same in one line without numbers: the sentence, or what breaks it.
std::string short_rule_text(const actors::rule_report& rule);

bool any_broken(const std::vector<actors::rule_report>& rules);

/// A line on stderr about the first rule that is broken, if one is.
void note_broken(const std::vector<actors::rule_report>& rules);

} // namespace chancery::apps
