// SPDX-License-Identifier: Apache-2.0
#pragma once

// A row of the requests table: a request that may be sent again, and what was
// stored for it. Pure functions on std types.
//
//   key    chosen by the caller, 1 to 400 bytes
//   value  fingerprint 32 bytes, first id u64, count u32,
//          time u64 (ms since 1970)                         = 52 bytes
//
// The records that were new got the ids `first` to `first + count - 1`, in the
// order of the request; the others have names, which lead to them.

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace chancery::storage {

inline constexpr std::size_t request_key_max = 400; ///< bytes

struct request_row {
  std::array<std::uint8_t, 32> fingerprint{};
  std::uint64_t first = 0;
  std::uint32_t count = 0; ///< may be 0
  std::uint64_t time_ms = 0;

  friend bool operator==(const request_row&, const request_row&) = default;
};

std::string encode(const request_row& row);

/// Throws storage::corrupt for anything that encode() does not write.
request_row decode_request_row(std::span<const std::byte> value);

} // namespace chancery::storage
