// SPDX-License-Identifier: Apache-2.0
#pragma once

// A unit is what travels between dispatcher and signer in one message: one or
// more whole batches, each under its own lease. Its batches are one string of
// fixed-size items, because a peer must not be able to make us allocate by
// naming a length, and because one string costs less than many objects:
//
//   fence u64, first record id u64, count u32     = 20 bytes, big endian
//
// Pure functions.

#include "crypto/lease.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace chancery::actors {

struct unit_batch {
  static constexpr std::size_t wire_size = 20;

  std::uint64_t fence = 0;
  std::uint64_t first = 0;
  std::uint32_t count = 0;

  friend bool operator==(const unit_batch&, const unit_batch&) = default;
};

/// Appends wire_size bytes to `out`.
void encode(const unit_batch& batch, std::string& out);

/// Throws std::invalid_argument unless the length is a multiple of wire_size.
std::vector<unit_batch> decode_unit_batches(std::string_view bytes);

/// A grant's leases, crypto::lease::wire_size bytes each; throws
/// std::invalid_argument for a broken length or a malformed lease.
std::vector<crypto::lease> decode_leases(std::string_view bytes);

/// Fences as 8-byte big endian items.
std::string encode_fences(std::span<const std::uint64_t> fences);

/// Throws std::invalid_argument unless the length is a multiple of 8.
std::vector<std::uint64_t> decode_fences(std::string_view bytes);

/// Big endian, the highest sizeof(T) bytes first.
template <class T>
void append_integer(T value, std::string& out) {
  for (int shift = 8 * (static_cast<int>(sizeof(T)) - 1); shift >= 0;
       shift -= 8)
    out.push_back(static_cast<char>(value >> shift & 0xff));
}

template <class T>
T read_integer(std::string_view bytes) {
  T value = 0;
  for (std::size_t i = 0; i < sizeof(T); ++i)
    value = static_cast<T>(value << 8 | static_cast<unsigned char>(bytes[i]));
  return value;
}

} // namespace chancery::actors
