// SPDX-License-Identifier: Apache-2.0
#include "apps/api/wait_list.hpp"

#include "actors/base/threads.hpp"

#include <iterator>
#include <utility>

namespace chancery::apps {

wait_list::wait_list(std::size_t waiting_max, clock::duration between)
    : waiting_max_(waiting_max), between_(between),
      thread_(actors::start_thread<std::jthread>([this] { run(); })) {}

void wait_list::stop() {
  {
    const std::scoped_lock lock(mutex_);
    ending_ = true;
    gone_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable())
    thread_.join();
}

void wait_list::end() {
  {
    const std::scoped_lock lock(mutex_);
    ending_ = true;
  }
  changed_.notify_all();
}

std::uint64_t wait_list::wakes() const {
  const std::scoped_lock lock(mutex_);
  return wakes_;
}

void wait_list::wake() {
  {
    const std::scoped_lock lock(mutex_);
    ++wakes_;
    if (count_ == 0)
      return;
    woken_ = true;
  }
  changed_.notify_all();
}

bool wait_list::add(clock::time_point until, std::uint64_t wakes,
                    attempt tried) {
  std::unique_lock lock(mutex_);
  if (ending_) {
    lock.unlock();
    tried(true);
    return true;
  }
  if (count_ == waiting_max_)
    return false;
  ++count_;
  woken_ = woken_ || wakes != wakes_;
  waiting_.push_back({until, std::move(tried)});
  lock.unlock();
  changed_.notify_all();
  return true;
}

void wait_list::try_all(std::list<waiting>& all, bool last) const {
  const auto now = clock::now();
  std::erase_if(
      all, [&](const waiting& w) { return w.tried(last || w.until <= now); });
}

void wait_list::run() {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return gone_ || !waiting_.empty(); });
    changed_.wait_for(lock, between_, [this] { return ending_ || woken_; });
    std::list<waiting> tried;
    tried.swap(waiting_);
    woken_ = false;
    const bool last = ending_;
    lock.unlock();
    try_all(tried, last);
    lock.lock();
    count_ = waiting_.size() + tried.size();
    waiting_.splice(waiting_.end(), tried);
    if (gone_ && waiting_.empty())
      return;
  }
}

} // namespace chancery::apps
