// SPDX-License-Identifier: Apache-2.0
#pragma once

// Puts results that come in any order back into the order in which their work
// began. Numbers start at 0 and never come twice. Not for several threads.

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
  /// Begins a piece of work: its number.
  std::uint64_t open() {
    slots_.emplace_back();
    return first_ + slots_.size() - 1;
  }

  /// Pieces begun and not taken yet.
  std::size_t size() const noexcept { return slots_.size(); }

  /// Throws std::logic_error for a number that is not open, or was closed
  /// before.
  void close(std::uint64_t number, Result result) {
    if (number < first_ || number - first_ >= slots_.size() ||
        slots_[number - first_])
      throw std::logic_error("a result for work that nobody waits for");
    slots_[number - first_] = std::move(result);
  }

  /// The oldest piece's result; null while it is not there.
  Result* front() noexcept {
    return slots_.empty() || !slots_.front() ? nullptr : &*slots_.front();
  }

  /// The oldest piece is not done after all: waits for another close().
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
