// SPDX-License-Identifier: Apache-2.0
#pragma once

// Checks the pages that LMDB is about to read in one tree: those from the root
// to a key's leaf, and the leaf beside it where LMDB steps there. Internal to
// storage.
//
// The tree is that of a commit. A write transaction changes copies of its
// pages in memory; the pages that it reads from the file are still those of
// the commit before, so the same check serves it.

#include "storage/page.hpp"
#include "storage/page_source.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace chancery::storage::lmdb {

/// Each call throws page_damage if a page on its way is damaged. For one
/// thread; a page is checked once as long as the path stays on it.
class page_path {
 public:
  page_path(const page_source& pages, const tree& root, key_order order);

  /// To the first or last leaf; false for an empty tree.
  bool to_first() { return to_end(false); }
  bool to_last() { return to_end(true); }
  /// To the leaf of the first key at or after `key`, via the leaf where `key`
  /// belongs.
  void to(page_bytes key);
  /// To the leaf of the first key after `key`.
  void after(page_bytes key);
  /// To the leaf of the last key before `key`.
  void before(page_bytes key);
  /// To the next leaf; false if there is none, and the path stays.
  bool to_next_leaf() { return step(true); }
  /// Checks the overflow pages of `key`'s value, if it has some.
  void value_of(page_bytes key);

  /// The leaf that the path ends in. Not for an empty tree.
  const page& leaf() const { return levels_.back().at; }

 private:
  struct level {
    page at;
    std::size_t index = 0; ///< of the child that the path goes through
  };

  void load(std::size_t depth, std::uint64_t number);
  void check_bounds(std::size_t depth) const;
  std::optional<page_bytes> low_of(std::size_t depth) const;
  std::optional<page_bytes> high_of(std::size_t depth) const;
  bool at_end(bool last) const;
  bool to_end(bool last);
  void go_down(std::size_t depth, bool last);
  bool step(bool right);
  bool holds(page_bytes key) const;
  bool inside_leaf(page_bytes key) const;
  void to_leaf_of(page_bytes key);

  page_source pages_;
  tree root_;
  key_order order_;
  std::vector<level> levels_; ///< none, or from the root to a leaf
};

} // namespace chancery::storage::lmdb
