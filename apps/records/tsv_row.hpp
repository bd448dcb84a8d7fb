// SPDX-License-Identifier: Apache-2.0
#pragma once

// Fields as PostgreSQL's COPY writes them in its text format: a row a line,
// separated by tabs; \N alone is NULL; \b \f \n \r \t \v, up to three octal
// digits, x and up to two hexadecimal ones, or any other character, which means
// itself, may stand behind a backslash. A line ends with LF or CRLF.

#include "apps/records/table_row.hpp"

namespace chancery::apps {

class tsv_row : public table_row {
 public:
  /// Always complete.
  bool add_line(std::string_view line) override;

 private:
  void parse(std::string_view line);
};

/// The line \. that ends such a table in older versions.
bool ends_tsv(std::string_view line) noexcept;

} // namespace chancery::apps
