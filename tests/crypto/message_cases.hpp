// SPDX-License-Identifier: Apache-2.0
#pragma once

// Payloads that must be refused: a valid one with a part replaced. Both the
// reader and message.schema.json are tested with this list.

#include <string>
#include <string_view>
#include <vector>

namespace chancery::crypto::test {

struct bad_case {
  std::string what; ///< what is wrong, for the log
  std::string text;
  /// Whether a JSON Schema can detect it: a schema sees values, not how they
  /// are written, and knows no calendar, curve or relation of two members.
  bool in_schema = true;
};

std::vector<bad_case> bad_messages();
std::vector<bad_case> bad_registrations();
std::vector<bad_case> bad_receipts();
std::vector<bad_case> bad_node_keys();

} // namespace chancery::crypto::test
