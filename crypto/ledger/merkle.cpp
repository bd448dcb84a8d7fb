// SPDX-License-Identifier: Apache-2.0
#include "crypto/ledger/merkle.hpp"

#include "crypto/base/bytes.hpp"
#include "crypto/base/hash.hpp"
#include "crypto/base/sha256_many.hpp"

#include <botan/hash.h>

#include <algorithm>
#include <bit>
#include <memory>
#include <stdexcept>

namespace chancery::crypto {

namespace {

// Section 2.1.1: the prefixes of a leaf and of a pair of nodes, so that neither
// can be mistaken for the other.
constexpr std::uint8_t leaf_prefix = 0x00;
constexpr std::uint8_t node_prefix = 0x01;

// Bytes of leaves that are copied at a time, each behind its prefix.
constexpr std::size_t copied_max = 64 * 1024;

// Kept, as looking up a hash by name costs more than hashing two nodes.
Botan::HashFunction& hasher() {
  thread_local const auto hash =
      Botan::HashFunction::create_or_throw("SHA-256");
  return *hash;
}

merkle_hash node(Botan::HashFunction& hash, const merkle_hash& left,
                 const merkle_hash& right) {
  std::array<std::uint8_t, 1 + 2 * sizeof(merkle_hash)> both;
  both.front() = node_prefix;
  const auto middle = std::copy(left.begin(), left.end(), both.begin() + 1);
  std::copy(right.begin(), right.end(), middle);
  merkle_hash out;
  hash.update(both.data(), both.size());
  hash.final(out.data());
  return out;
}

// The roots of full trees side by side, each at least twice as large as the one
// to its right: one tree for each one bit of the number of leaves.
class row_of_trees {
 public:
  explicit row_of_trees(Botan::HashFunction& hash) : hash_(hash) {}

  /// Adds the next leaf. Merges two trees of equal size once for each trailing
  /// one bit of the previous number of leaves.
  void add(merkle_hash leaf) {
    for (int merges = std::countr_one(count_); merges > 0; --merges)
      leaf = node(hash_, roots_[--size_], leaf);
    roots_[size_++] = leaf;
    ++count_;
  }

  /// Joins the trees from right to left, which is the split of section 2.1.1.
  merkle_hash root() const {
    auto at = size_;
    merkle_hash right = roots_[--at];
    while (at > 0)
      right = node(hash_, roots_[--at], right);
    return right;
  }

 private:
  Botan::HashFunction& hash_;
  std::array<merkle_hash, 64> roots_;
  std::size_t size_ = 0;
  std::uint64_t count_ = 0;
};

} // namespace

merkle_hash merkle_leaf(std::span<const std::byte> data) {
  auto& hash = hasher();
  merkle_hash out;
  hash.update(leaf_prefix);
  hash.update(octets(data), data.size());
  hash.final(out.data());
  return out;
}

void merkle_leaves(std::span<const std::span<const std::byte>> data,
                   std::span<merkle_hash> leaves) {
  if (leaves.size() != data.size())
    throw std::invalid_argument("there is not one place for each leaf's hash");
  if (!can_sha256_many()) {
    std::ranges::transform(data, leaves.begin(), merkle_leaf);
    return;
  }
  const auto start = sha256_begin();
  std::vector<std::byte> copy;
  std::vector<std::size_t> ends;
  std::vector<std::span<const std::byte>> texts;
  for (std::size_t done = 0; done < data.size(); done += texts.size()) {
    copy.clear();
    ends.clear();
    do {
      const auto& leaf = data[done + ends.size()];
      copy.push_back(std::byte{leaf_prefix});
      copy.insert(copy.end(), leaf.begin(), leaf.end());
      ends.push_back(copy.size());
    } while (copy.size() < copied_max && done + ends.size() < data.size());
    texts.clear();
    std::size_t begin = 0;
    for (const auto end : ends) {
      texts.push_back(std::span(copy).subspan(begin, end - begin));
      begin = end;
    }
    sha256_many(start, texts,
                std::as_writable_bytes(leaves.subspan(done)).data());
  }
}

merkle_hash merkle_root(std::span<const merkle_hash> leaves) {
  if (leaves.empty())
    return sha256({});
  row_of_trees trees(hasher());
  for (const auto& leaf : leaves)
    trees.add(leaf);
  return trees.root();
}

std::vector<merkle_hash> merkle_path(std::span<const merkle_hash> leaves,
                                     std::size_t index) {
  if (index >= leaves.size())
    throw std::out_of_range("there is no leaf with this index");
  std::vector<merkle_hash> path;
  while (leaves.size() > 1) {
    const auto split = std::bit_floor(leaves.size() - 1);
    if (index < split) {
      path.push_back(merkle_root(leaves.subspan(split)));
      leaves = leaves.first(split);
    } else {
      path.push_back(merkle_root(leaves.first(split)));
      leaves = leaves.subspan(split);
      index -= split;
    }
  }
  std::reverse(path.begin(), path.end());
  return path;
}

bool verify_merkle_path(const merkle_hash& leaf, std::uint64_t index,
                        std::uint64_t size, std::span<const merkle_hash> path,
                        const merkle_hash& root) {
  if (index >= size)
    return false;
  // Names of section 2.1.3.2: fn is the index of the current node, sn that of
  // the last node of its level.
  auto fn = index;
  auto sn = size - 1;
  auto& hash = hasher();
  auto r = leaf;
  for (const auto& p : path) {
    if (sn == 0)
      return false;
    if ((fn & 1) != 0 || fn == sn) {
      r = node(hash, p, r);
      // A node without a sibling moves up unchanged.
      while ((fn & 1) == 0 && fn != 0) {
        fn >>= 1;
        sn >>= 1;
      }
    } else {
      r = node(hash, r, p);
    }
    fn >>= 1;
    sn >>= 1;
  }
  return sn == 0 && r == root;
}

} // namespace chancery::crypto
