// SPDX-License-Identifier: Apache-2.0
#pragma once

// Merkle trees as in RFC 9162 section 2.1, with SHA-256. No leaf is duplicated:
// a tree of n leaves splits at the largest power of two below n. Pure
// functions; any thread.

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace chancery::crypto {

using merkle_hash = std::array<std::uint8_t, 32>;

/// SHA-256(0x00 || data), section 2.1.1.
merkle_hash merkle_leaf(std::span<const std::byte> data);

/// The same for many, into `leaves`, which has one place for each: much faster
/// where the processor has vectors for SHA-256.
void merkle_leaves(std::span<const std::span<const std::byte>> data,
                   std::span<merkle_hash> leaves);

/// The root over leaf hashes; SHA-256 of no bytes for an empty tree.
merkle_hash merkle_root(std::span<const merkle_hash> leaves);

/// The audit path of a leaf, section 2.1.3.1, lowest sibling first. Throws
/// std::out_of_range unless index < leaves.size().
std::vector<merkle_hash> merkle_path(std::span<const merkle_hash> leaves,
                                     std::size_t index);

/// Section 2.1.3.2: whether `path` leads from the leaf hash at `index` of a
/// tree of `size` leaves to `root`.
[[nodiscard]] bool verify_merkle_path(const merkle_hash& leaf,
                                      std::uint64_t index, std::uint64_t size,
                                      std::span<const merkle_hash> path,
                                      const merkle_hash& root);

} // namespace chancery::crypto
