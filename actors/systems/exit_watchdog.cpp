// SPDX-License-Identifier: Apache-2.0
#include "actors/systems/exit_watchdog.hpp"

#include "actors/base/threads.hpp"

#include <string_view>
#include <unistd.h>

namespace chancery::actors {

namespace {

constexpr std::string_view last_word =
    "chancery: connections or actors did not end in time; the process exits "
    "without them, and everything acknowledged is stored\n";

} // namespace

exit_watchdog::exit_watchdog(std::chrono::milliseconds limit)
    : limit_(limit), thread_(start_thread([this] { watch(); })) {}

exit_watchdog::~exit_watchdog() {
  {
    const std::scoped_lock lock(mutex_);
    over_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

void exit_watchdog::arm() noexcept {
  {
    const std::scoped_lock lock(mutex_);
    armed_ = true;
  }
  changed_.notify_one();
}

void exit_watchdog::watch() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return armed_ || over_; });
  if (changed_.wait_for(lock, limit_, [this] { return over_; }))
    return;
  // No call that could wait for a lock of a thread that hangs.
  [[maybe_unused]] const auto written =
      ::write(STDERR_FILENO, last_word.data(), last_word.size());
  ::_exit(1);
}

} // namespace chancery::actors
