// SPDX-License-Identifier: Apache-2.0
#pragma once

// Where the pages of one commit are. Internal to storage.

#include "storage/page.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace chancery::storage::lmdb {

/// LMDB's map of a file, and how much of it the file fills: touching more
/// raises SIGBUS. May be shared by threads.
class mapped_file {
 public:
  /// `map` is where the file's first byte is; `fd` stays open meanwhile.
  mapped_file(const std::byte* map, std::size_t page_size, int fd)
      : map_(map), page_size_(page_size), fd_(fd) {}

  std::size_t page_size() const noexcept { return page_size_; }
  /// Whole pages in the file, asked of the system.
  std::uint64_t pages() const;
  /// Whether the file had so many pages when it was last asked: it only grows.
  bool has(std::uint64_t pages) const noexcept { return pages <= pages_; }
  /// The caller has made sure that the file has these pages.
  page_bytes at(std::uint64_t first, std::uint64_t count) const {
    return {map_ + first * page_size_, count * page_size_};
  }

 private:
  const std::byte* map_;
  std::size_t page_size_;
  int fd_;
  mutable std::atomic<std::uint64_t> pages_{0};
};

/// The pages that one commit may name. As long as a transaction sees that
/// commit, nobody changes those that are reachable from its roots.
class page_source {
 public:
  page_source() = default;
  page_source(const mapped_file* file, std::uint64_t last_page)
      : file_(file), last_page_(last_page) {}

  std::uint64_t last_page() const noexcept { return last_page_; }
  /// Throws page_damage unless the commit may name these pages and the file
  /// has them.
  page_bytes at(std::uint64_t first, std::uint64_t count = 1) const;
  /// A value on overflow pages. Throws page_damage unless they hold one of
  /// this size.
  page_bytes overflow_value(std::uint64_t first, std::uint64_t size) const;

 private:
  const mapped_file* file_ = nullptr;
  std::uint64_t last_page_ = 0;
};

} // namespace chancery::storage::lmdb
