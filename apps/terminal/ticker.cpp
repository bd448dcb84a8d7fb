// SPDX-License-Identifier: Apache-2.0
#include "apps/terminal/ticker.hpp"

#include "actors/base/threads.hpp"

#include <utility>

namespace chancery::apps {

ticker::ticker(std::chrono::milliseconds period, std::function<void()> call)
    : period_(period), call_(std::move(call)),
      thread_(actors::start_thread([this] { run(); })) {}

ticker::~ticker() {
  {
    const std::lock_guard lock(mutex_);
    over_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void ticker::run() {
  std::unique_lock lock(mutex_);
  while (!changed_.wait_for(lock, period_, [this] { return over_; })) {
    lock.unlock();
    call_();
    lock.lock();
  }
}

} // namespace chancery::apps
