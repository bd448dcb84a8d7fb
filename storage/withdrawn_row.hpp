// SPDX-License-Identifier: Apache-2.0
#pragma once

// A row of the withdrawn table: one signature that was taken out of its batch.
// Pure functions on std types.
//
//   key    record id u64, sequence of the journal's event u64  = 16 bytes
//   value  the batch as it was: first id u64, row 55 (journal.hpp);
//          time u64 (ms since 1970); the signature; the reason, the rest:
//          1 to 1,000 bytes of UTF-8 without control characters
//
// All integers are big endian. A record's signature can be withdrawn more than
// once, each time by another event.

#include "storage/journal.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace chancery::storage {

inline constexpr std::size_t withdrawal_reason_max = 1000; ///< bytes

struct withdrawn_row {
  std::uint64_t record = 0; ///< with `event` the row's key
  std::uint64_t event = 0;  ///< sequence in the journal
  batch_row batch{};
  std::uint64_t time_ms = 0;
  std::vector<std::byte> signature{};
  std::string reason{};

  friend bool operator==(const withdrawn_row&, const withdrawn_row&) = default;
};

/// Whether a sentence can be stored as the reason of a withdrawal.
bool is_withdrawal_reason(std::string_view text);

std::string withdrawn_key(std::uint64_t record, std::uint64_t event);
std::string encode(const withdrawn_row& row);

/// Throws storage::corrupt for anything that the two above do not write.
withdrawn_row decode_withdrawn_row(std::span<const std::byte> key,
                                   std::span<const std::byte> value,
                                   std::size_t signature_size);

} // namespace chancery::storage
