// SPDX-License-Identifier: Apache-2.0
#pragma once

// Counts the bytes that CAF holds for the frames of all links of a listener.
// CAF allocates a frame's payload from its header, and keeps a buffer of that
// size until the link ends. So each link pays for its longest frame so far. A
// frame for which nothing is left is refused, and its link is cut: the links
// that are there keep what they have. Plain classes, one thread at a time.

#include <cstddef>

namespace chancery::actors {

class frame_memory {
 public:
  explicit frame_memory(std::size_t bytes) : left_(bytes) {}

  std::size_t left() const noexcept { return left_; }

 private:
  friend class frame_memory_share;

  std::size_t left_;
};

/// What one link holds. Gives it back at its end.
class frame_memory_share {
 public:
  /// Without a `memory` there is no limit. It outlives this object.
  explicit frame_memory_share(frame_memory* memory) : memory_(memory) {}
  frame_memory_share(const frame_memory_share&) = delete;
  frame_memory_share& operator=(const frame_memory_share&) = delete;
  ~frame_memory_share() {
    if (memory_ != nullptr)
      memory_->left_ += held_;
  }

  /// False when a payload of this size is more than is left.
  bool holds(std::size_t bytes) {
    if (memory_ == nullptr || bytes <= held_)
      return true;
    if (bytes - held_ > memory_->left_)
      return false;
    memory_->left_ -= bytes - held_;
    held_ = bytes;
    return true;
  }

 private:
  frame_memory* memory_;
  std::size_t held_ = 0;
};

} // namespace chancery::actors
