// SPDX-License-Identifier: Apache-2.0
#pragma once

// The bodies of POST /v1/records: a record as JSON,
//
//   {"name":"INV-17","text":"..."}   or   {"data":"<base64url>"}
//
// with exactly one of `text`, whose UTF-8 is the record, and `data`, and with
// no other member; or one such object a line. Pure functions; any thread.

#include "actors/signing/record_submission.hpp"

#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace chancery::apps {

/// Why a line is not stored.
struct line_fault {
  std::string_view code; ///< of a problem
  std::string reason;    ///< a sentence that quotes nothing

  friend bool operator==(const line_fault&, const line_fault&) = default;
};

using record_line = std::variant<actors::submitted_record, line_fault>;

/// Throws `problem` bad_parameter, or too_large for a record over 16 MiB.
actors::submitted_record read_record(std::string_view body);

/// One for each line; the last one may end in a line break. Throws `problem`
/// too_large for more than 10,000 lines, and bad_parameter for none.
std::vector<record_line> read_record_lines(std::string_view body);

/// Makes a fault of each line that has the name of one above and other bytes:
/// both cannot be stored.
void refuse_repeated_names(std::vector<record_line>& lines);

/// Throws `problem` too_large for a record over 16 MiB.
void require_record_size(std::string_view bytes);

/// Throws `problem` bad_parameter for a text that is no name.
void require_record_name(std::string_view text);

} // namespace chancery::apps
