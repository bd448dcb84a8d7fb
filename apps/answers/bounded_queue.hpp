// SPDX-License-Identifier: Apache-2.0
#pragma once

// A bounded blocking queue between two threads: push() waits while it is full,
// pop() while it is empty.

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>
#include <utility>

namespace chancery::apps {

template <class Value>
class bounded_queue {
 public:
  explicit bounded_queue(std::size_t size_max) : size_max_(size_max) {}

  /// Waits while it is full. Must not be called after close().
  void push(Value value) {
    {
      std::unique_lock lock(mutex_);
      taken_.wait(lock, [this] { return values_.size() < size_max_; });
      values_.push_back(std::move(value));
    }
    put_.notify_one();
  }

  /// Waits while it is empty and open. Returns nothing once it is empty and
  /// closed.
  std::optional<Value> pop() {
    std::optional<Value> value;
    {
      std::unique_lock lock(mutex_);
      put_.wait(lock, [this] { return closed_ || !values_.empty(); });
      if (values_.empty())
        return value;
      value = std::move(values_.front());
      values_.pop_front();
    }
    taken_.notify_one();
    return value;
  }

  /// No push() may follow; values in the queue can still be popped.
  void close() {
    {
      const std::lock_guard lock(mutex_);
      closed_ = true;
    }
    put_.notify_all();
  }

 private:
  std::size_t size_max_;
  std::mutex mutex_;
  std::condition_variable put_;
  std::condition_variable taken_;
  std::deque<Value> values_;
  bool closed_ = false;
};

} // namespace chancery::apps
