// SPDX-License-Identifier: Apache-2.0
#include "storage/page_path.hpp"

#include <algorithm>

namespace chancery::storage::lmdb {

namespace {

constexpr std::size_t depth_max = 32; // as in LMDB

bool same(page_bytes a, page_bytes b) { return std::ranges::equal(a, b); }

} // namespace

page_path::page_path(const page_source& pages, const tree& root,
                     key_order order)
    : pages_(pages), root_(root), order_(order) {}

// A page that the path is on already has been checked.
void page_path::load(std::size_t depth, std::uint64_t number) {
  if (depth >= root_.depth || depth >= depth_max)
    throw page_damage(number, "deeper than its root says");
  if (depth >= levels_.size() || levels_[depth].at.number() != number) {
    levels_.resize(depth);
    levels_.push_back({page(pages_.at(number), number, order_)});
  }
  const bool leaf = levels_[depth].at.is_leaf();
  if (leaf)
    levels_.resize(depth + 1);
  if (leaf != (depth + 1 == root_.depth))
    throw page_damage(number, "not as deep as its root says");
  check_bounds(depth);
}

// The keys of a page lie between the keys beside its child entry in the
// branches above it.
void page_path::check_bounds(std::size_t depth) const {
  const page& at = levels_[depth].at;
  const std::size_t first = at.is_leaf() ? 0 : 1;
  if (const auto low = low_of(depth);
      low && first < at.size() && key_less(at.key(first), *low, order_))
    throw page_damage(at.number(), "a key that belongs before it");
  if (const auto high = high_of(depth);
      high && first < at.size() &&
      !key_less(at.key(at.size() - 1), *high, order_))
    throw page_damage(at.number(), "a key that belongs behind it");
}

std::optional<page_bytes> page_path::low_of(std::size_t depth) const {
  for (; depth > 0; --depth) {
    const level& above = levels_[depth - 1];
    if (above.index > 0)
      return above.at.key(above.index);
  }
  return std::nullopt;
}

std::optional<page_bytes> page_path::high_of(std::size_t depth) const {
  for (; depth > 0; --depth) {
    const level& above = levels_[depth - 1];
    if (above.index + 1 < above.at.size())
      return above.at.key(above.index + 1);
  }
  return std::nullopt;
}

void page_path::go_down(std::size_t depth, bool last) {
  for (; !levels_[depth].at.is_leaf(); ++depth) {
    level& branch = levels_[depth];
    branch.index = last ? branch.at.size() - 1 : 0;
    load(depth + 1, branch.at.child(branch.index));
  }
}

bool page_path::at_end(bool last) const {
  return !levels_.empty() && std::ranges::all_of(levels_, [&](const level& l) {
    return l.at.is_leaf() || l.index == (last ? l.at.size() - 1 : 0);
  });
}

bool page_path::to_end(bool last) {
  if (root_.empty())
    return false;
  if (at_end(last))
    return true;
  load(0, root_.root);
  go_down(0, last);
  return true;
}

bool page_path::step(bool right) {
  if (levels_.empty())
    return false;
  for (std::size_t depth = levels_.size() - 1; depth-- > 0;) {
    level& branch = levels_[depth];
    if (right ? branch.index + 1 == branch.at.size() : branch.index == 0)
      continue;
    right ? ++branch.index : --branch.index;
    levels_.resize(depth + 1);
    load(depth + 1, branch.at.child(branch.index));
    go_down(depth + 1, !right);
    return true;
  }
  return false;
}

bool page_path::holds(page_bytes key) const {
  if (levels_.empty())
    return false;
  const auto low = low_of(levels_.size() - 1);
  if (low && key_less(key, *low, order_))
    return false;
  const auto high = high_of(levels_.size() - 1);
  return !high || key_less(key, *high, order_);
}

void page_path::to_leaf_of(page_bytes key) {
  if (holds(key))
    return;
  if (root_.empty())
    return;
  load(0, root_.root);
  for (std::size_t depth = 0; !levels_[depth].at.is_leaf(); ++depth) {
    level& branch = levels_[depth];
    std::size_t i = branch.at.lower_bound(key, order_, 1);
    if (i == branch.at.size() || !same(branch.at.key(i), key))
      --i;
    branch.index = i;
    load(depth + 1, branch.at.child(i));
  }
}

bool page_path::inside_leaf(page_bytes key) const {
  return !levels_.empty() && !key_less(key, leaf().key(0), order_) &&
         key_less(key, leaf().key(leaf().size() - 1), order_);
}

void page_path::to(page_bytes key) {
  if (inside_leaf(key))
    return;
  to_leaf_of(key);
  if (!levels_.empty() && key_less(leaf().key(leaf().size() - 1), key, order_))
    step(true);
}

void page_path::after(page_bytes key) {
  if (inside_leaf(key))
    return;
  to_leaf_of(key);
  if (!levels_.empty() && !key_less(key, leaf().key(leaf().size() - 1), order_))
    step(true);
}

void page_path::before(page_bytes key) {
  to_leaf_of(key);
  if (!levels_.empty() && !key_less(leaf().key(0), key, order_))
    step(false);
}

void page_path::value_of(page_bytes key) {
  to_leaf_of(key);
  if (levels_.empty())
    return;
  const std::size_t i = leaf().lower_bound(key, order_);
  if (i == leaf().size() || !same(leaf().key(i), key))
    return;
  if (const auto value = leaf().value_at(i); value.overflow_page != 0)
    pages_.overflow_value(value.overflow_page, value.size);
}

} // namespace chancery::storage::lmdb
