// SPDX-License-Identifier: Apache-2.0
#pragma once

// A fixed-size buffer between a reader and a writer; its bytes are judged
// before they may be sent on:
//
//   | taken | cleared: may go on | not judged yet | free |
//
// All memory is allocated on the first read. Not thread-safe.

#include "actors/transport/limits.hpp"

#include <algorithm>
#include <cstddef>
#include <memory>
#include <span>

namespace chancery::actors {

class link_buffer {
 public:
  static constexpr std::size_t capacity = link_buffer_bytes;

  /// Where to read into. Moves the rest to the front once half has been taken.
  std::span<std::byte> space() {
    if (!bytes_)
      bytes_ = std::make_unique<std::byte[]>(capacity);
    if (begin_ == end_)
      begin_ = cleared_ = end_ = 0;
    else if (begin_ >= capacity / 2)
      compact();
    return {bytes_.get() + end_, capacity - end_};
  }

  void add(std::size_t count) { end_ += count; }

  std::span<const std::byte> waiting() const {
    return {bytes_.get() + cleared_, end_ - cleared_};
  }

  void clear(std::size_t count) { cleared_ += count; }

  void clear_all() { cleared_ = end_; }

  /// Removes the first bytes of waiting() from the buffer.
  void drop(std::size_t count) {
    auto* const from = bytes_.get() + cleared_;
    std::copy(from + count, bytes_.get() + end_, from);
    end_ -= count;
  }

  std::span<const std::byte> ready() const {
    return {bytes_.get() + begin_, cleared_ - begin_};
  }

  void take(std::size_t count) { begin_ += count; }

  void forget() { begin_ = cleared_ = end_ = 0; }

 private:
  void compact() {
    std::copy(bytes_.get() + begin_, bytes_.get() + end_, bytes_.get());
    cleared_ -= begin_;
    end_ -= begin_;
    begin_ = 0;
  }

  std::unique_ptr<std::byte[]> bytes_;
  std::size_t begin_ = 0;
  std::size_t cleared_ = 0;
  std::size_t end_ = 0;
};

} // namespace chancery::actors
