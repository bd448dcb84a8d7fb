// SPDX-License-Identifier: Apache-2.0
#pragma once

// The lines of a file or pipe with their numbers, for the sources of records.
// A line that is too long is refused once, and left out when the next one is
// asked for. One thread.

#include "apps/platform/input_file.hpp"
#include "apps/platform/input_lines.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace chancery::apps {

class numbered_lines {
 public:
  /// "-" is standard input. Throws when the file cannot be opened.
  numbered_lines(const std::filesystem::path& input, std::size_t line_size_max,
                 const std::atomic<bool>& stop);

  /// As input_lines: nothing at the end or when stopped. Throws bad_input for a
  /// line over the limit.
  std::optional<std::string_view> next();
  /// Skips a line of any length; false at the end.
  bool skip();

  /// Of the last line, from 1.
  std::uint64_t number() const noexcept { return number_; }
  /// "line 7"
  std::string place() const;

 private:
  void leave_out();

  input_file file_;
  input_lines lines_;
  std::uint64_t number_ = 0;
  bool too_long_ = false; ///< the last line, of which some is not read yet
};

} // namespace chancery::apps
