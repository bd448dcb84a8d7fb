// SPDX-License-Identifier: Apache-2.0
#pragma once

// Where the files of an export go: a folder, or an archive. One thread.

#include <cstdint>
#include <string>
#include <string_view>

namespace chancery::apps {

class file_target {
 public:
  virtual ~file_target() = default;

  /// A file but index.tsv; `time_ms` is when its record was signed.
  virtual void put(const std::string& name, std::string_view bytes,
                   std::uint64_t time_ms) = 0;
  /// The next line of index.tsv, with its newline.
  virtual void index(std::string_view line) = 0;
  /// The signatures of all that was put so far verify.
  virtual void verified() = 0;
};

/// "000/000123": the folder of a record's files by the thousands, and the stem
/// of their names.
std::string file_stem(std::uint64_t record);

} // namespace chancery::apps
