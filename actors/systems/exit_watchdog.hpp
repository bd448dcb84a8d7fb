// SPDX-License-Identifier: Apache-2.0
#pragma once

// Ends the process when its shutdown hangs. The destructor of an actor system
// waits, without a limit, for every actor and for bytes that a stopped peer
// does not read. Everything acknowledged is on disk by then, so the process may
// exit without waiting.
//
// Create it before the actor system, so that it is destroyed after it and has
// its thread in time, and arm it when the shutdown begins. Call it from one
// thread only.

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace chancery::actors {

class exit_watchdog {
 public:
  /// Throws no_thread.
  explicit exit_watchdog(
      std::chrono::milliseconds limit = std::chrono::seconds(10));
  exit_watchdog(const exit_watchdog&) = delete;
  exit_watchdog& operator=(const exit_watchdog&) = delete;
  /// Disarms it: the shutdown ended in time.
  ~exit_watchdog();

  /// Starts the time limit. When it expires, writes a line to stderr and calls
  /// _exit(1). Idempotent.
  void arm() noexcept;

 private:
  void watch();

  std::chrono::milliseconds limit_;
  std::mutex mutex_; // guards armed_ and over_
  bool armed_ = false;
  bool over_ = false;
  std::condition_variable changed_;
  std::thread thread_;
};

} // namespace chancery::actors
