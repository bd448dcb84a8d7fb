// SPDX-License-Identifier: Apache-2.0
#pragma once

// Byte formats of journal events and batch rows, which record the use of
// leases. Pure functions on std types; this folder knows how a lease is
// encoded, not what it means.
//
// All integers are big endian. An event is one byte of kind, followed by:
//
//   1 epoch opened    epoch u32, epoch id 16, batch size u32, provider u8,
//                     longest remote time to live u32 (ms), remote leases
//                     possible u8, records u64 (in the table at that moment),
//                     time u64 (ms since 1970), key order: n x 32 bytes,
//                     least recently used first
//   2 lease lent      fence u64, key 32, remote u8, time to live u32 (ms),
//                     borrower: name, the rest (empty when local)
//   3 lease returned  fence u64
//   4 lease lost      fence u64
//   5 epoch closed    epoch u32, time u64
//
// A batch row, stored under its first record id:
//
//   count u32, fence u64, key 32, signature format u16 (1 = raw r||s),
//   short reason u8, time u64 (ms since 1970)          = 55 bytes
//
// A fence is epoch << 32 | counter.

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <variant>
#include <vector>

namespace chancery::storage {

using key_name = std::array<std::uint8_t, 32>;
using epoch_id = std::array<std::uint8_t, 16>;

struct epoch_opened {
  std::uint32_t epoch = 0;
  epoch_id id{};
  std::uint32_t batch_size = 0;
  std::uint8_t provider = 0;
  std::uint32_t ttl_ms_max = 0;
  bool remote_possible = false;
  std::uint64_t records = 0;
  std::uint64_t time_ms = 0;
  std::vector<key_name> key_order{};

  friend bool operator==(const epoch_opened&, const epoch_opened&) = default;
};

struct lease_lent {
  std::uint64_t fence = 0;
  key_name key{};
  bool remote = false;
  std::uint32_t ttl_ms = 0;
  std::string borrower{};

  friend bool operator==(const lease_lent&, const lease_lent&) = default;
};

struct lease_returned {
  std::uint64_t fence = 0;

  friend bool operator==(const lease_returned&,
                         const lease_returned&) = default;
};

struct lease_lost {
  std::uint64_t fence = 0;

  friend bool operator==(const lease_lost&, const lease_lost&) = default;
};

struct epoch_closed {
  std::uint32_t epoch = 0;
  std::uint64_t time_ms = 0;

  friend bool operator==(const epoch_closed&, const epoch_closed&) = default;
};

using event = std::variant<epoch_opened, lease_lent, lease_returned, lease_lost,
                           epoch_closed>;

std::string encode(const event& e);

/// Throws storage::corrupt for anything that encode does not write.
event decode_event(std::span<const std::byte> bytes);

/// Why a batch holds fewer records than its epoch's batch size.
enum class short_reason : std::uint8_t {
  full = 0,   ///< it does not hold fewer
  gap = 1,    ///< the next record is already signed
  end = 2,    ///< the table ended
  waited = 3, ///< the wait for more records timed out
};

struct batch_row {
  std::uint64_t first = 0; ///< the row's key, not in its bytes
  std::uint32_t count = 0;
  std::uint64_t fence = 0;
  key_name key{};
  std::uint16_t format = 1;
  short_reason reason = short_reason::full;
  std::uint64_t time_ms = 0;

  friend bool operator==(const batch_row&, const batch_row&) = default;
};

std::string encode(const batch_row& row);

/// Throws storage::corrupt for anything that encode does not write.
batch_row decode_batch_row(std::uint64_t first,
                           std::span<const std::byte> bytes);

} // namespace chancery::storage
