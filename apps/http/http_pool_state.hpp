// SPDX-License-Identifier: Apache-2.0
#pragma once

// The I/O threads behind http_pool.
//
// For the one file with Asio and Beast.

#include <utility>

#include "apps/http/http_pool.hpp"
#include "apps/http/http_thread.hpp"

#include <algorithm>
#include <chrono>
#include <memory>
#include <vector>

namespace chancery::apps {

class http_pool::state {
 public:
  state(http_parts parts, unsigned threads) : parts_(std::move(parts)) {
    while (threads_.size() < std::max(threads, 1u))
      threads_.push_back(std::make_unique<http_thread>(parts_));
    for (const auto& thread : threads_)
      thread->start();
  }
  state(const state&) = delete;
  state& operator=(const state&) = delete;
  ~state() = default;

  void end_streams() {
    for (const auto& thread : threads_)
      thread->end_streams();
  }

  std::chrono::steady_clock::duration silence() const {
    auto longest = std::chrono::steady_clock::duration::zero();
    for (const auto& thread : threads_)
      longest = std::max(longest, thread->silence());
    return longest;
  }

  http_thread& home_of(std::uint64_t id) {
    return *threads_[id % threads_.size()];
  }

 private:
  const http_parts parts_;
  std::vector<std::unique_ptr<http_thread>> threads_;
};

} // namespace chancery::apps
