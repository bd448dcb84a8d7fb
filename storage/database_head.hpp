// SPDX-License-Identifier: Apache-2.0
#pragma once

// The first two pages of LMDB's file, its meta pages. Commit number n writes
// the one of number n % 2, so that the other keeps the commit before. Internal
// to storage.

#include "storage/page.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <span>

namespace chancery::storage::lmdb {

/// What one meta page says: the roots of one commit.
struct database_head {
  static constexpr std::size_t page_part_size = 152;

  /// `page` begins with a meta page; at least page_part_size bytes of it.
  static database_head parse(page_bytes page);

  /// Throws page_damage unless LMDB wrote it as this page.
  void check(std::uint64_t number) const;

  std::uint32_t magic = 0;
  std::uint16_t flags = 0;
  tree free_pages;
  tree main; ///< names of tables, and their roots
  std::uint64_t last_page = 0;
  std::uint64_t commit = 0;
};

/// Both meta pages of a file.
class database_heads {
 public:
  /// At least page_part_size bytes of each.
  database_heads(page_bytes first, page_bytes second);

  /// Throws page_damage unless LMDB wrote both, and no writer is just
  /// replacing one.
  void check() const;

  /// The head of this commit; none if it was overwritten since. Throws
  /// page_damage if it is damaged.
  std::optional<database_head> of(std::uint64_t commit) const;
  /// Whether a later commit stands beside it, so that a writer may be
  /// replacing this head right now.
  bool is_before_last(std::uint64_t commit) const;

 private:
  std::array<database_head, 2> heads_;
};

/// The page size that a file's first meta page states. Throws page_damage for
/// one that LMDB does not use.
std::size_t page_size_of(page_bytes first);

} // namespace chancery::storage::lmdb
