// SPDX-License-Identifier: Apache-2.0
#include "apps/api/work_pool.hpp"

#include "actors/base/threads.hpp"

#include <utility>

namespace chancery::apps {

work_pool::work_pool(std::size_t threads, std::size_t waiting_max)
    : waiting_max_(waiting_max) {
  try {
    for (std::size_t i = 0; i < threads; ++i)
      threads_.push_back(actors::start_thread<std::jthread>([this] { run(); }));
  } catch (...) {
    end(); // or those that have started would never end
    throw;
  }
}

void work_pool::stop() {
  end();
  for (auto& thread : threads_)
    if (thread.joinable())
      thread.join();
}

void work_pool::end() {
  std::deque<std::function<void()>> dropped;
  {
    const std::scoped_lock lock(mutex_);
    ending_ = true;
    dropped.swap(waiting_);
  }
  changed_.notify_all();
}

bool work_pool::add(std::function<void()> work) {
  return add(std::move(work), false);
}

bool work_pool::add_rest(std::function<void()> work) {
  return add(std::move(work), true);
}

bool work_pool::add(std::function<void()> work, bool rest) {
  {
    const std::scoped_lock lock(mutex_);
    if (ending_ || (!rest && waiting_.size() >= waiting_max_))
      return false;
    waiting_.push_back(std::move(work));
  }
  changed_.notify_one();
  return true;
}

void work_pool::run() {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return ending_ || !waiting_.empty(); });
    if (ending_)
      return;
    auto work = std::move(waiting_.front());
    waiting_.pop_front();
    lock.unlock();
    work();
    work = nullptr;
    lock.lock();
  }
}

} // namespace chancery::apps
