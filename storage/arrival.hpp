// SPDX-License-Identifier: Apache-2.0
#pragma once

// A row of the arrivals table: records that came in one commit. Pure functions
// on std types.
//
//   key    first id u64
//   value  count u32, time u64 (ms since 1970)             = 12 bytes

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace chancery::storage {

struct arrival {
  std::uint64_t first = 0; ///< the row's key
  std::uint32_t count = 0;
  std::uint64_t time_ms = 0;

  friend bool operator==(const arrival&, const arrival&) = default;
};

std::string encode(const arrival& row);

/// Throws storage::corrupt for anything that encode() does not write.
arrival decode_arrival(std::uint64_t first, std::span<const std::byte> value);

} // namespace chancery::storage
