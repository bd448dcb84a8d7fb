// SPDX-License-Identifier: Apache-2.0
#pragma once

// Turns SIGINT, SIGTERM and SIGHUP into a flag while it exists; a second one
// ends the process at once with exit code 1. Make it on the main thread before
// any other thread starts: they inherit that these signals are blocked, so that
// no system call of theirs is interrupted.

#include <atomic>
#include <csignal>
#include <thread>

namespace chancery::apps {

class signal_watch {
 public:
  signal_watch();
  signal_watch(const signal_watch&) = delete;
  signal_watch& operator=(const signal_watch&) = delete;
  ~signal_watch();

  const std::atomic<bool>& stop() const noexcept { return stop_; }

 private:
  void run();

  std::atomic<bool> stop_{false};
  sigset_t before_{};
  int signals_ = -1; ///< a signalfd
  int over_ = -1;    ///< an eventfd: the watch ends
  std::thread thread_;
};

} // namespace chancery::apps
