// SPDX-License-Identifier: Apache-2.0
#pragma once

// The LRU priority queue of the keyring: idle keys by the time of their last
// use, least recently used first. A returning key is always the most recently
// used, so the order of last use is the order of return, and a deque works in
// constant time. Plain class, one thread at a time.

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>

namespace chancery::actors {

/// A key's place in its keyring.
using key_index = std::uint32_t;

class key_queue {
 public:
  /// The key was used just now; no key in the queue is younger.
  void push_young(key_index key) { keys_.push_back(key); }

  /// Removes the least recently used key; nothing when all are out.
  std::optional<key_index> pop_oldest() {
    if (keys_.empty())
      return std::nullopt;
    const auto key = keys_.front();
    keys_.pop_front();
    return key;
  }

  std::size_t size() const noexcept { return keys_.size(); }

 private:
  std::deque<key_index> keys_;
};

} // namespace chancery::actors
