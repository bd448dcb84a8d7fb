// SPDX-License-Identifier: Apache-2.0
#pragma once

// A block's header: 144 bytes, integers big endian.
//
//   offset size
//        0   16  magic: 0x93 "chancery block" 0x0a
//       16    4  version: 1
//       20    8  index: 0 for the first block
//       28   32  SHA-256 of the previous header; zeros in the first block
//       60   32  Merkle root (merkle.hpp) over the block's messages
//       92    8  index of the first message
//      100    4  number of messages
//      104    8  time: milliseconds since 1970, never below the previous
//      block's 112   32  the node's id: thumbprint of its signing key
//
// The block's hash is SHA-256 of these bytes. The node signs the header with
// ECDSA on P-256 and SHA-256, so the hash is the digest that is signed; the
// signature is raw r||s, 64 bytes. No JWS begins with byte 0x93, so neither can
// be mistaken for the other under the same key. Pure functions.

#include "crypto/keys/key.hpp"
#include "crypto/ledger/merkle.hpp"
#include "crypto/ledger/message.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace chancery::crypto {

inline constexpr std::size_t block_header_size = 144;

struct block_header {
  std::uint64_t index = 0;
  hash_bytes previous{};
  merkle_hash root{};
  std::uint64_t first_message = 0;
  std::uint32_t count = 0; ///< 1 .. block_size_max
  std::uint64_t time_ms = 0;
  key_id node{};

  friend bool operator==(const block_header&, const block_header&) = default;
};

using block_header_bytes = std::array<std::byte, block_header_size>;

block_header_bytes encode(const block_header& header);

/// nullopt unless encode() writes these bytes for some header.
std::optional<block_header>
decode_block_header(std::span<const std::byte> bytes) noexcept;

/// SHA-256 of the header's bytes.
hash_bytes block_hash(std::span<const std::byte> header);

} // namespace chancery::crypto
