// SPDX-License-Identifier: Apache-2.0
#pragma once

// A request of POST /v1/records, taken apart: the records to store, and what to
// answer of the lines that are not to be stored. Pure functions; any thread.

#include "actors/signing/record_submission.hpp"
#include "apps/api/record_body.hpp"
#include "apps/api/route_table.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace chancery::apps {

inline constexpr std::string_view record_octets_type =
    "application/octet-stream";
inline constexpr std::string_view record_json_type = "application/json";
inline constexpr std::string_view record_lines_type = "application/x-ndjson";

/// What is known of a record without the store.
struct posted_record {
  std::string name; ///< empty: it has none
  std::size_t size = 0;
};

struct record_posting {
  /// Many records, one a line; else one.
  bool lines = false;
  /// Good lines are stored, whatever the others are.
  bool skip = false;
  actors::record_request stored; ///< without records when no line is good
  /// One for each line: of a record that is stored, in the same order, or why
  /// it is not.
  std::vector<std::variant<posted_record, line_fault>> answered;
};

/// Throws `problem` for a request of which nothing is to be stored: bad_line
/// and, for a token with a prefix, not_allowed, with `items` of lines; and
/// bad_parameter, too_large or, when it is to be sealed, empty_record.
record_posting read_posting(const api_request& request, bool seals);

/// Of a problem with lines: at most so many are named.
inline constexpr std::size_t items_max = 100;

} // namespace chancery::apps
