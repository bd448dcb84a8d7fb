// SPDX-License-Identifier: Apache-2.0
#pragma once

// Puts results that arrive in any order back into the order in which their work
// started. Numbers start at 0 and are never reused. Not thread-safe.

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <stdexcept>
#include <utility>

namespace chancery::actors {

template <class Result>
class reorder_buffer {
 public:
  /// Starts a piece of work and returns its number.
  std::uint64_t open() {
    slots_.emplace_back();
    return first_ + slots_.size() - 1;
  }

  /// Pieces started and not popped yet.
  std::size_t size() const noexcept { return slots_.size(); }

  /// Throws std::logic_error for a number that is not open or already closed.
  void close(std::uint64_t number, Result result) {
    if (number < first_ || number - first_ >= slots_.size() ||
        slots_[number - first_])
      throw std::logic_error("a result for work that is not open");
    slots_[number - first_] = std::move(result);
  }

  /// The oldest piece's result; null until it is closed.
  Result* front() noexcept {
    return slots_.empty() || !slots_.front() ? nullptr : &*slots_.front();
  }

  /// Discards the oldest piece's result; it waits for another close().
  void reopen_front() { slots_.front().reset(); }

  void pop() {
    slots_.pop_front();
    ++first_;
  }

 private:
  std::deque<std::optional<Result>> slots_;
  std::uint64_t first_ = 0;
};

} // namespace chancery::actors
