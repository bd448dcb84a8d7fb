// SPDX-License-Identifier: Apache-2.0
#pragma once

// SHA-256's compression (FIPS 180-4 6.2.2) of two messages at a time by the
// SHA extensions of x86-64. Pure; any thread.

#include <array>
#include <cstddef>
#include <cstdint>

namespace chancery::crypto {

inline constexpr std::size_t sha256_block_size = 64;

using sha256_words = std::array<std::uint32_t, 8>;

/// Takes `count` blocks of each message from its address on. Only for a
/// processor with the SHA extensions and SSE 4.1.
void sha256_compress_two(std::array<sha256_words, 2>& states,
                         const std::array<const std::byte*, 2>& blocks,
                         std::size_t count);

} // namespace chancery::crypto
