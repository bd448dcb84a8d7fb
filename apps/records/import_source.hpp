// SPDX-License-Identifier: Apache-2.0
#pragma once

// Reads the records to import, one by one, with their names where the input has
// some. Every record is kept byte for byte. The kinds of input:
//
//   lines  each line but its '\n' is a record
//   jsonl  the same, each line is JSON or blank; a member may be the name
//   csv    rows of fields behind a header (csv_row.hpp)
//   tsv    rows as PostgreSQL writes its text format (tsv_row.hpp)
//   files  each file below a folder, in the order of their paths as bytes; the
//          path is the name
//
// One thread.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace chancery::apps {

enum class import_format { lines, jsonl, csv, tsv, files };

/// How a column has a record's bytes: as they are; as hexadecimal digits,
/// perhaps behind `\x` as PostgreSQL writes them; as base64 (RFC 4648 4),
/// perhaps in lines.
enum class record_encoding { text, hex, base64 };

struct import_form {
  import_format format = import_format::lines;
  std::string name_field{};    ///< jsonl: empty for none
  std::string name_column{};   ///< csv, tsv
  std::string record_column{}; ///< csv, tsv: empty for the row as it stands
  record_encoding encoding = record_encoding::text;
  bool header = true; ///< tsv: if false, columns are numbers from 1
};

/// This one record cannot be imported; the ones before it can, and the ones
/// behind it.
class bad_input : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Valid until the source is used again.
struct import_item {
  std::string_view record{};
  std::optional<std::string_view> name{};
};

class import_source {
 public:
  virtual ~import_source() = default;

  /// The next record; nothing at the end or when stopped. Throws bad_input that
  /// names the line or file.
  virtual std::optional<import_item> next() = 0;

  /// Skips one record without checking it; false at the end.
  virtual bool skip() = 0;

  /// Where the last record was: "line 7", or its path.
  virtual std::string place() const = 0;

  /// Blank lines between records, which are none, so far.
  virtual std::uint64_t blank_lines() const { return 0; }
};

/// Throws bad_input, which begins with `place`, unless the text is a name.
void require_name(std::string_view text, const std::string& place);

} // namespace chancery::apps
