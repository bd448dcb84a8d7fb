// SPDX-License-Identifier: Apache-2.0
#pragma once

// Fields by RFC 4180: separated by commas, perhaps in quotes; within quotes
// there may be commas, line ends and quotes, which are written twice. A line
// ends with LF or CRLF. An empty field without quotes is NULL, as databases
// write it; one with quotes is an empty text. Stricter than many readers: a
// quote or a CR within a field without quotes, and text behind quotes, are
// errors.

#include "apps/records/table_row.hpp"

namespace chancery::apps {

class csv_row : public table_row {
 public:
  bool add_line(std::string_view line) override;
  void clear() override;

 private:
  bool parse(std::string_view line);
  std::size_t plain_field(std::string_view line, std::size_t at);
  std::size_t quoted_text(std::string_view line, std::size_t at);

  bool in_quotes_ = false; ///< where the last line ended
};

} // namespace chancery::apps
