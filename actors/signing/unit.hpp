// SPDX-License-Identifier: Apache-2.0
#pragma once

// A unit is the work that dispatcher and signer exchange in one message: one or
// more whole batches, each under its own lease. Its batches are one string of
// fixed-size items, so that a peer cannot make us allocate a length that it
// only states, and because one string costs less than many objects:
//
//   fence u64, first record id u64, count u32     = 20 bytes, big endian
//
// Pure functions.

#include "storage/big_endian.hpp"

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

/// Fences as 8-byte big endian items.
std::string encode_fences(std::span<const std::uint64_t> fences);

/// Throws std::invalid_argument unless the length is a multiple of 8.
std::vector<std::uint64_t> decode_fences(std::string_view bytes);

/// Big endian, as storage writes its keys.
template <class T>
void append_integer(T value, std::string& out) {
  storage::append_big_endian(out, value);
}

/// `bytes` has at least sizeof(T) bytes.
template <class T>
T read_integer(std::string_view bytes) {
  return storage::from_big_endian<T>(std::as_bytes(std::span(bytes)));
}

} // namespace chancery::actors
