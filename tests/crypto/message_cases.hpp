// SPDX-License-Identifier: Apache-2.0
#pragma once

// Payloads that are to be refused: a good one, with a piece of it replaced.
// The reader and message.schema.json are both held to this one list.

#include <string>
#include <string_view>
#include <vector>

namespace chancery::crypto::test {

struct bad_case {
  std::string what; ///< is wrong, for the log
  std::string text;
  /// Whether a JSON Schema can say it at all: it sees values, not how they are
  /// written, and knows no calendar, no curve and no relation of two members.
  bool in_schema = true;
};

std::vector<bad_case> bad_messages();
std::vector<bad_case> bad_registrations();
std::vector<bad_case> bad_receipts();
std::vector<bad_case> bad_node_keys();

} // namespace chancery::crypto::test
