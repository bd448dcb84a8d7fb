// SPDX-License-Identifier: Apache-2.0
#pragma once

// base64url of whole blocks by permutations of bytes in registers (AVX-512
// VBMI). No branch and no address depends on a character. Pure; any thread.

#include <cstddef>
#include <cstdint>

namespace chancery::crypto {

inline constexpr std::size_t base64url_block_bytes = 48;
inline constexpr std::size_t base64url_block_characters = 64;

/// Only for a processor with AVX-512 VBMI and BW.
void base64url_encode_blocks(const std::uint8_t* from, std::size_t blocks,
                             char* to);

/// False when a character is outside the alphabet; `to` then has any values.
/// Only for a processor with AVX-512 VBMI and BW.
bool base64url_decode_blocks(const char* from, std::size_t blocks,
                             std::uint8_t* to);

} // namespace chancery::crypto
