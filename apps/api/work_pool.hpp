// SPDX-License-Identifier: Apache-2.0
#pragma once

// A few threads for answers that would hold up an I/O thread. Any thread may
// hand work in.

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace chancery::apps {

class work_pool {
 public:
  /// At most `waiting_max` pieces of work wait.
  work_pool(std::size_t threads, std::size_t waiting_max);
  work_pool(const work_pool&) = delete;
  work_pool& operator=(const work_pool&) = delete;
  ~work_pool() { stop(); }

  /// False when the pool is full; then nothing happens. Work throws nothing.
  [[nodiscard]] bool add(std::function<void()> work);

  /// The same for the rest of work that was let in, which is refused only once
  /// the pool has stopped.
  [[nodiscard]] bool add_rest(std::function<void()> work);

  /// Drops what waits, and returns when the rest is done. One thread at a time,
  /// and none of the pool's.
  void stop();

 private:
  bool add(std::function<void()> work, bool rest);
  void run();
  void end();

  const std::size_t waiting_max_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> waiting_;
  bool ending_ = false;
  std::vector<std::jthread> threads_;
};

} // namespace chancery::apps
