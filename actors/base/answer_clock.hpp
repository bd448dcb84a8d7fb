// SPDX-License-Identifier: Apache-2.0
#pragma once

// How long somebody who owes answers has given none. Any thread.

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <mutex>

namespace chancery::actors {

class answer_clock {
 public:
  using steady = std::chrono::steady_clock;

  void asked(steady::time_point now = steady::now()) {
    const std::scoped_lock lock(mutex_);
    if (owed_++ == 0)
      since_ = now;
  }

  /// An error is an answer, too.
  void answered(steady::time_point now = steady::now()) {
    const std::scoped_lock lock(mutex_);
    --owed_;
    since_ = now;
  }

  bool owes() const {
    const std::scoped_lock lock(mutex_);
    return owed_ != 0;
  }

  /// Since the last answer, or since it was asked if there was none; 0 when
  /// nothing is owed.
  steady::duration silence(steady::time_point now = steady::now()) const {
    const std::scoped_lock lock(mutex_);
    return owed_ == 0 ? steady::duration::zero()
                      : std::max(now - since_, steady::duration::zero());
  }

 private:
  mutable std::mutex mutex_;
  std::uint64_t owed_ = 0;
  steady::time_point since_{};
};

} // namespace chancery::actors
