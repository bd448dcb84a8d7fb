// SPDX-License-Identifier: Apache-2.0
#pragma once

// While it exists, SIGINT, SIGTERM and SIGHUP (unless ignored, as under nohup)
// set a flag; a second signal ends the process at once with exit code 1.
// Signals that came before it exists set the flag, too, and those that come
// later are kept as before it (early_signals.hpp). Create it on the main thread
// before any other thread starts: threads inherit the blocked signals, which
// then interrupt none of their system calls. A service may have SIGHUP call a
// function instead, also under nohup, on the watch's own thread.

#include <atomic>
#include <csignal>
#include <functional>
#include <thread>

namespace chancery::apps {

class signal_watch {
 public:
  explicit signal_watch(std::function<void()> hangup = {});
  signal_watch(const signal_watch&) = delete;
  signal_watch& operator=(const signal_watch&) = delete;
  ~signal_watch();

  const std::atomic<bool>& stop() const noexcept { return stop_; }

 private:
  void run();
  void stop_at_signal();

  const std::function<void()> hangup_;
  std::atomic<bool> stop_{false};
  sigset_t before_{};
  bool was_holding_ = false;
  int signals_ = -1; ///< a signalfd
  int over_ = -1;    ///< an eventfd that ends the thread
  std::thread thread_;
};

} // namespace chancery::apps
