// SPDX-License-Identifier: Apache-2.0
#pragma once

// Writes and parses the node's answer to one line, as a line of JSON:
//
//   {"receipt":"<JWS>"}
//   {"registered":"<client id>"}
//   {"refused":"<code>","reason":"<sentence>"}
//
// Pure functions; any thread may call them.

#include "actors/systems/ledger_node.hpp"

#include <string>
#include <string_view>

namespace chancery::apps {

/// Returns the line without a newline.
std::string to_line(const actors::ledger_answer& answer);

/// Ignores other members, as a later version may add some. Throws
/// std::invalid_argument when `line` is not such an answer.
actors::ledger_answer answer_from_line(std::string_view line);

} // namespace chancery::apps
