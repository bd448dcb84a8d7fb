// SPDX-License-Identifier: Apache-2.0
#include "storage/page.hpp"

#include <algorithm>
#include <bitset>

namespace chancery::storage::lmdb {

namespace {

constexpr std::uint16_t branch_page = 1;
constexpr std::uint16_t leaf_page = 2;

constexpr std::size_t node_header_size = 8;
constexpr std::uint16_t big_node = 1;
constexpr std::uint16_t tree_node = 2;
constexpr std::size_t key_size_max = 511;

constexpr std::size_t even(std::size_t n) { return n + n % 2; }

std::size_t key_size(page_bytes page, std::size_t at) {
  return number_at<std::uint16_t>(page, at + 6);
}

std::uint16_t node_flags(page_bytes page, std::size_t at) {
  return number_at<std::uint16_t>(page, at + 4);
}

std::uint32_t data_size(page_bytes page, std::size_t at) {
  return number_at<std::uint16_t>(page, at) |
         std::uint32_t{number_at<std::uint16_t>(page, at + 2)} << 16;
}

} // namespace

tree tree::parse(page_bytes bytes) {
  return {
      number_at<std::uint32_t>(bytes, 0), number_at<std::uint16_t>(bytes, 4),
      number_at<std::uint16_t>(bytes, 6), number_at<std::uint64_t>(bytes, 32),
      number_at<std::uint64_t>(bytes, 40)};
}

bool key_less(page_bytes a, page_bytes b, key_order order) {
  if (order == key_order::numbers)
    return number_at<std::uint64_t>(a, 0) < number_at<std::uint64_t>(b, 0);
  const int c = std::memcmp(a.data(), b.data(), std::min(a.size(), b.size()));
  return c != 0 ? c < 0 : a.size() < b.size();
}

page::page(page_bytes bytes, std::uint64_t number, key_order order)
    : bytes_(bytes), number_(number) {
  if (number_at<std::uint64_t>(bytes, 0) != number)
    throw page_damage(number, "it has another number");
  const auto flags = number_at<std::uint16_t>(bytes, 10);
  if (flags != branch_page && flags != leaf_page)
    throw page_damage(number, "neither a branch nor a leaf");
  leaf_ = flags == leaf_page;
  const std::size_t lower = number_at<std::uint16_t>(bytes, 12);
  const std::size_t upper = number_at<std::uint16_t>(bytes, 14);
  if (lower < page_header_size || lower % 2 != 0 || upper < lower ||
      upper > bytes.size())
    throw page_damage(number, "wrong bounds");
  size_ = (lower - page_header_size) / 2;
  // LMDB allows the tree of free pages a branch with one child.
  const bool branch = !leaf_ && order == key_order::bytes;
  if (size_ < (branch ? 2 : 1))
    throw page_damage(number, "too few nodes");
  check_nodes(upper);
  for (std::size_t i = 0; i < size_; ++i)
    if (order == key_order::numbers && key(i).size() != sizeof(std::uint64_t) &&
        (leaf_ || i > 0))
      throw page_damage(number, "a key that is no number");
  check_order(order);
}

std::size_t page::offset(std::size_t i) const {
  return number_at<std::uint16_t>(bytes_, page_header_size + 2 * i);
}

page_bytes page::key(std::size_t i) const {
  const std::size_t at = offset(i);
  return bytes_.subspan(at + node_header_size, key_size(bytes_, at));
}

std::uint64_t page::child(std::size_t i) const {
  const std::size_t at = offset(i);
  return data_size(bytes_, at) | std::uint64_t{node_flags(bytes_, at)} << 32;
}

page::value page::value_at(std::size_t i) const {
  const std::size_t at = offset(i);
  const auto flags = node_flags(bytes_, at);
  const std::size_t begin = at + node_header_size + key_size(bytes_, at);
  value v;
  v.size = data_size(bytes_, at);
  v.is_tree = flags == tree_node;
  if (flags == big_node)
    v.overflow_page = number_at<std::uint64_t>(bytes_, begin);
  else
    v.inside = bytes_.subspan(begin, v.size);
  return v;
}

std::size_t page::lower_bound(page_bytes wanted, key_order order,
                              std::size_t first) const {
  std::size_t count = size_ - first;
  while (count > 0) {
    const std::size_t half = count / 2;
    if (key_less(key(first + half), wanted, order)) {
      first += half + 1;
      count -= half + 1;
    } else {
      count = half;
    }
  }
  return first;
}

// The bytes of the node at this offset, even as LMDB makes them.
std::size_t page::checked_node_size(std::size_t at) const {
  if (bytes_.size() - at < node_header_size)
    throw page_damage(number_, "a node leaves the page");
  std::size_t size = node_header_size + key_size(bytes_, at);
  if (key_size(bytes_, at) > key_size_max)
    throw page_damage(number_, "a key is too long");
  if (leaf_) {
    const auto flags = node_flags(bytes_, at);
    if (flags > tree_node || key_size(bytes_, at) == 0)
      throw page_damage(number_, "a node of no known kind");
    if (flags == tree_node && data_size(bytes_, at) != tree::size)
      throw page_damage(number_, "a table's root of a wrong size");
    size += flags == big_node ? sizeof(std::uint64_t) : data_size(bytes_, at);
  }
  size = even(size);
  if (size > bytes_.size() - at)
    throw page_damage(number_, "a node leaves the page");
  return size;
}

// LMDB keeps the nodes side by side, from `upper` to the page's end, in any
// order.
void page::check_nodes(std::size_t upper) const {
  std::bitset<page_size_max / 2> begins;
  for (std::size_t i = 0; i < size_; ++i) {
    const std::size_t at = offset(i);
    if (at % 2 != 0 || at < upper || at >= bytes_.size())
      throw page_damage(number_, "an offset leaves the page");
    begins.set(at / 2);
  }
  std::size_t nodes = 0;
  for (std::size_t at = upper; at < bytes_.size(); ++nodes) {
    if (!begins.test(at / 2))
      throw page_damage(number_, "nodes overlap");
    at += checked_node_size(at);
  }
  if (nodes != size_)
    throw page_damage(number_, "nodes overlap");
}

// A branch's first key is never compared.
void page::check_order(key_order order) const {
  for (std::size_t i = leaf_ ? 1 : 2; i < size_; ++i)
    if (!key_less(key(i - 1), key(i), order))
      throw page_damage(number_, "keys do not ascend");
}

} // namespace chancery::storage::lmdb
