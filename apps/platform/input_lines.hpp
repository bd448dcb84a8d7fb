// SPDX-License-Identifier: Apache-2.0
#pragma once

// Reads lines from a file or pipe of any length, in memory that is bounded by
// the longest line allowed. The '\n' is not part of a line; every other byte
// is, also '\r' and 0. The last line may lack its '\n'. One thread.

#include <atomic>
#include <cstddef>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace chancery::apps {

class line_too_long : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

class input_lines {
 public:
  /// Reads `fd`, which the caller keeps and closes. A wait for more input ends
  /// within a quarter of a second once `stop` is set or returns true.
  input_lines(int fd, std::size_t line_size_max, const std::atomic<bool>& stop);
  input_lines(int fd, std::size_t line_size_max, std::function<bool()> stop);

  /// The next line, valid until the next call; nothing at the end or when
  /// stopped. Throws line_too_long, and std::runtime_error when it cannot read.
  std::optional<std::string_view> next();

  /// Skips a line of any length; false at the end.
  bool skip();

 private:
  bool fill();

  int fd_;
  std::size_t line_size_max_;
  std::function<bool()> stop_;
  std::string buffer_;
  std::size_t begin_ = 0; ///< of the next line in buffer_
  bool ended_ = false;
};

} // namespace chancery::apps
