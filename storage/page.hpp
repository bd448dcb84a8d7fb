// SPDX-License-Identifier: Apache-2.0
#pragma once

// Pages of LMDB 0.9's file (data version 1), checked before LMDB reads them:
// LMDB trusts what it maps, so one changed bit in a page can end the process.
// Internal to storage. Numbers have the host's byte order, as in LMDB.
//
// A page:                                     A node:
//   number   u64                                low    u16  size of the value,
//   pad      u16                                high   u16  or child (48 bits
//   flags    u16  1 branch, 2 leaf, 4 overflow  flags  u16  with the flags)
//   lower    u16  end of the offsets            ksize  u16
//   upper    u16  begin of the nodes            key, value
//   offsets  u16 each, then free space, then the nodes up to the page's end
//
// An overflow page has a u32 count of pages in the place of lower and upper,
// then the value. A value is on overflow pages, and their number is the node's
// value, if the node's flags are 1. Values with flags 2 are trees.

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <stdexcept>
#include <string>

namespace chancery::storage::lmdb {

using page_bytes = std::span<const std::byte>;

inline constexpr std::size_t page_header_size = 16;
inline constexpr std::size_t page_size_max = 32768;

/// A page that LMDB cannot have written, in words without the path.
class page_damage : public std::runtime_error {
 public:
  page_damage(std::uint64_t number, const char* what)
      : std::runtime_error("page " + std::to_string(number) + ": " + what) {}
};

template <class T>
T number_at(page_bytes bytes, std::size_t offset) {
  T value{};
  std::memcpy(&value, bytes.data() + offset, sizeof value);
  return value;
}

/// Root of a table, 48 bytes in a meta page or in the main table.
struct tree {
  static constexpr std::size_t size = 48;
  static constexpr std::uint64_t no_root = UINT64_MAX;

  static tree parse(page_bytes bytes);
  bool empty() const noexcept { return root == no_root; }

  std::uint32_t pad = 0; ///< in the tree of free pages: size of a page
  std::uint16_t flags = 0;
  std::uint16_t depth = 0;
  std::uint64_t entries = 0;
  std::uint64_t root = no_root;
};

/// How the keys of a table are ordered.
enum class key_order {
  bytes,   ///< as bytes, a prefix first
  numbers, ///< u64 of the host's byte order: the tree of free pages
};

bool key_less(page_bytes a, page_bytes b, key_order order);

/// A branch or leaf page.
class page {
 public:
  /// Where a value lies: within the page, or on overflow pages.
  struct value {
    page_bytes inside;
    std::uint64_t overflow_page = 0; ///< 0 if inside
    std::uint64_t size = 0;
    bool is_tree = false;
  };

  page() = default;

  /// Throws page_damage unless `bytes`, one page, are a sound page of this
  /// number: nodes lie side by side, none leaves the page, keys ascend.
  page(page_bytes bytes, std::uint64_t number, key_order order);

  std::uint64_t number() const noexcept { return number_; }
  bool is_leaf() const noexcept { return leaf_; }
  std::size_t size() const noexcept { return size_; } ///< number of nodes
  /// A branch's first key may be empty: it stands for the lowest one.
  page_bytes key(std::size_t i) const;
  std::uint64_t child(std::size_t i) const; ///< of a branch
  value value_at(std::size_t i) const;      ///< of a leaf
  /// Index of the first key at or after `wanted`; `first` is looked at first.
  std::size_t lower_bound(page_bytes wanted, key_order order,
                          std::size_t first = 0) const;

 private:
  std::size_t offset(std::size_t i) const;
  std::size_t checked_node_size(std::size_t at) const;
  void check_nodes(std::size_t upper) const;
  void check_order(key_order order) const;

  page_bytes bytes_;
  std::uint64_t number_ = 0;
  std::size_t size_ = 0;
  bool leaf_ = false;
};

} // namespace chancery::storage::lmdb
