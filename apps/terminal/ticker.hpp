// SPDX-License-Identifier: Apache-2.0
#pragma once

// Calls a function periodically on a separate thread. The destructor waits for
// a running call.

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

namespace chancery::apps {

class ticker {
 public:
  /// Throws actors::no_thread.
  ticker(std::chrono::milliseconds period, std::function<void()> call);
  ticker(const ticker&) = delete;
  ticker& operator=(const ticker&) = delete;
  ~ticker();

 private:
  void run();

  std::chrono::milliseconds period_;
  std::function<void()> call_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool over_ = false;
  std::thread thread_;
};

} // namespace chancery::apps
