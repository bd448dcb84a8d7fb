// SPDX-License-Identifier: Apache-2.0
#pragma once

// Passes on ten lines a second and counts the rest, so that strangers cannot
// fill the disk with log lines about them.

#include "actors/transport/limits.hpp"

#include <functional>
#include <string>
#include <utility>

namespace chancery::actors {

class limited_log {
 public:
  static constexpr unsigned lines_max = log_lines_per_second_max;

  explicit limited_log(std::function<void(const std::string&)> write)
      : write_(std::move(write)) {}

  void say(const std::string& line) {
    if (lines_ < lines_max && write_)
      write_(line);
    ++lines_;
  }

  /// Call it every second.
  void tick() {
    if (lines_ > lines_max && write_)
      write_(std::to_string(lines_ - lines_max) +
             " more lines were suppressed");
    lines_ = 0;
  }

 private:
  std::function<void(const std::string&)> write_;
  std::size_t lines_ = 0;
};

} // namespace chancery::actors
