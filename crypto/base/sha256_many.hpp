// SPDX-License-Identifier: Apache-2.0
#pragma once

// SHA-256 (FIPS 180-4) of many texts, two at a time. Each of the two lanes
// takes the next text as soon as it has finished one, so texts of any length
// share a call. Pure; any thread.

#include "crypto/base/sha256_ni.hpp"

#include <cstddef>
#include <cstdint>
#include <span>

namespace chancery::crypto {

inline constexpr std::size_t sha256_size = 32;

/// Whether this processor can, and gave the right hashes when it was tried.
/// Nothing below may be called otherwise.
bool can_sha256_many();

/// What precedes every text: whole blocks, already compressed.
struct sha256_midstate {
  sha256_words state{};
  std::uint64_t bytes = 0; ///< a multiple of sha256_block_size
};

/// Nothing is compressed yet.
sha256_midstate sha256_begin();

/// The midstate behind `blocks`, too, whose size is a multiple of
/// sha256_block_size.
sha256_midstate sha256_absorb(const sha256_midstate& before,
                              std::span<const std::byte> blocks);

/// Writes sha256_size bytes for each text, in the order of the texts.
void sha256_many(const sha256_midstate& before,
                 std::span<const std::span<const std::byte>> texts,
                 std::byte* digests);

} // namespace chancery::crypto
