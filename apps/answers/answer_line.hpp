// SPDX-License-Identifier: Apache-2.0
#pragma once

// The node's answer to one line, as a line of JSON, written and read:
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

/// Without a newline.
std::string to_line(const actors::ledger_answer& answer);

/// Members beyond these are passed over, as a later version may add some.
/// Throws std::invalid_argument for anything that is no such answer.
actors::ledger_answer answer_from_line(std::string_view line);

} // namespace chancery::apps
