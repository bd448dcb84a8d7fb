// SPDX-License-Identifier: Apache-2.0
#pragma once

// Ends the process when its end hangs. The destructor of an actor system waits
// for every actor and for bytes that a stopped peer does not take, without a
// limit; everything that anybody was promised is on disk by then, so the
// process may end without it.
//
// Make it before the actor system, so that it is destroyed behind it, and arm
// it when the end begins. One thread calls it.

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace chancery::actors {

class exit_watchdog {
 public:
  explicit exit_watchdog(
      std::chrono::milliseconds limit = std::chrono::seconds(10));
  exit_watchdog(const exit_watchdog&) = delete;
  exit_watchdog& operator=(const exit_watchdog&) = delete;
  /// The end came in time.
  ~exit_watchdog();

  /// From now on the limit runs: when it is over, a line on stderr and
  /// _exit(1). Once more is the same as once.
  void arm() noexcept;

 private:
  void watch();

  std::chrono::milliseconds limit_;
  std::mutex mutex_; // of the next one
  bool over_ = false;
  std::condition_variable changed_;
  std::thread thread_;
};

} // namespace chancery::actors
