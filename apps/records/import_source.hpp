// SPDX-License-Identifier: Apache-2.0
#pragma once

// Reads the records to import, one by one, from one of three kinds of input:
// lines, lines of JSON, or the files of a folder in the order of their names
// (as bytes). Every record is kept byte for byte; of a line, all bytes but its
// '\n'. One thread.

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace chancery::apps {

enum class import_format { lines, jsonl, files };

/// This one record cannot be imported; the ones before it can.
class bad_input : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

class import_source {
 public:
  virtual ~import_source() = default;

  /// The next record, valid until the next call; nothing at the end or when
  /// stopped. Throws bad_input that names the line or file.
  virtual std::optional<std::string_view> next() = 0;

  /// Skips one record without checking it; false at the end.
  virtual bool skip() = 0;

  /// Blank lines among JSON lines, which are no records, so far.
  virtual std::uint64_t blank_lines() const { return 0; }
};

/// `input` may be "-" for stdin, except for files. Throws when it cannot be
/// opened or is of the wrong kind.
std::unique_ptr<import_source>
open_import_source(const std::filesystem::path& input, import_format format,
                   const std::atomic<bool>& stop);

} // namespace chancery::apps
