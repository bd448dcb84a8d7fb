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
//   6 service epoch opened
//                     as 1, with longest wait u32 (ms) behind the time
//   8 format announced
//                     of an epoch's signatures, behind its event 1 or 6 and in
//                     the same transaction; missing where the format is raw:
//                     epoch u32, format u16, content type: length u8 and text,
//                     then n x 32 bytes, one for each key of the epoch in its
//                     order: SHA-256 of the certificate that names the key
//   9 signatures withdrawn
//                     time u64, the batch as it was: first id u64, row 55,
//                     then the records: n x (first id u64, count u32), in
//                     ascending order, not touching, all in the batch
//  10 workers verified
//                     epoch u32, policy u8 (1 = every signature that another
//                     host hands in is verified before it is stored, 2 = one in
//                     `share`, at random), share u32 (1 for policy 1); missing
//                     when the epoch is local or verifies none
//  11 leases lent     together, two or more: fence of the first u64, remote u8,
//                     time to live u32 (ms), number u16, key: n x 32,
//                     borrower: name, the rest. Each next lease has the next
//                     fence
//  12 leases returned together, two or more: fence: n x u64
//
// A lease that is lent or returned alone is an event 2 or 3, never 11 or 12.
//
// Kind 7 is reserved.
//
// A batch row, stored under its first record id:
//
//   count u32, fence u64, key 32, signature format u16 (1 = raw, 2 = JAdES),
//   short reason u8, time u64 (ms since 1970)          = 55 bytes
//
// In either format a signature is stored as r||s. A raw one is over the
// record's bytes. One of format 2 is over a JWS signing input, whose header
// follows from the epoch's event 8, the key, and the batch's time.
//
// A withdrawal replaces the row of a batch by one row for each run of records
// that keep their signatures: all as before, except first, count and reason.
//
// A fence is epoch << 32 | counter.

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

namespace chancery::storage {

using key_name = std::array<std::uint8_t, 32>;
/// SHA-256 of a certificate's DER.
using certificate_name = std::array<std::uint8_t, 32>;
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
  /// Of a service, to which records come while it runs: how long a record may
  /// wait before its batch is signed short.
  std::optional<std::uint32_t> max_wait_ms{};

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

/// As many events lease_lent, in the order of the keys.
struct leases_lent {
  std::uint64_t first_fence = 0;
  bool remote = false;
  std::uint32_t ttl_ms = 0;
  std::vector<key_name> keys{};
  std::string borrower{};

  friend bool operator==(const leases_lent&, const leases_lent&) = default;
};

/// As many events lease_returned.
struct leases_returned {
  std::vector<std::uint64_t> fences{};

  friend bool operator==(const leases_returned&,
                         const leases_returned&) = default;
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

/// What a batch's signatures are over. Another number may stand in a row that
/// was altered.
namespace signature_format {
inline constexpr std::uint16_t raw = 1;
inline constexpr std::uint16_t jades = 2;
} // namespace signature_format

/// Why a batch holds fewer records than its epoch's batch size.
enum class short_reason : std::uint8_t {
  full = 0,      ///< it does not hold fewer
  gap = 1,       ///< the next record is already signed
  end = 2,       ///< the table ended
  waited = 3,    ///< the wait for more records timed out
  withdrawn = 4, ///< other signatures of the batch were withdrawn
};

struct batch_row {
  std::uint64_t first = 0; ///< the row's key, not in its bytes
  std::uint32_t count = 0;
  std::uint64_t fence = 0;
  key_name key{};
  std::uint16_t format = signature_format::raw;
  short_reason reason = short_reason::full;
  std::uint64_t time_ms = 0;

  friend bool operator==(const batch_row&, const batch_row&) = default;
};

/// Records with consecutive ids.
struct id_run {
  std::uint64_t first = 0;
  std::uint32_t count = 0;

  friend bool operator==(const id_run&, const id_run&) = default;
};

struct signatures_withdrawn {
  std::uint64_t time_ms = 0;
  batch_row row{}; ///< as it was before
  std::vector<id_run> runs{};

  friend bool operator==(const signatures_withdrawn&,
                         const signatures_withdrawn&) = default;
};

/// The rows that replace the event's row: one for each run of records that keep
/// their signatures.
std::vector<batch_row> pieces_of(const signatures_withdrawn& e);

/// What an epoch verifies of the signatures that other hosts hand in, before it
/// stores them.
enum class worker_policy : std::uint8_t {
  none = 0,   ///< nothing, or no other host takes part; in no event
  all = 1,    ///< every signature
  sample = 2, ///< one in `share`, at random
};

struct workers_verified {
  std::uint32_t epoch = 0;
  worker_policy policy = worker_policy::all;
  std::uint32_t share = 1; ///< 1 for policy `all`

  friend bool operator==(const workers_verified&,
                         const workers_verified&) = default;
};

struct format_announced {
  std::uint32_t epoch = 0;
  std::uint16_t format = signature_format::jades;
  std::string content_type{}; ///< up to 255 bytes; may be empty
  std::vector<certificate_name> certificates{}; ///< one for each key

  friend bool operator==(const format_announced&,
                         const format_announced&) = default;
};

using event = std::variant<epoch_opened, lease_lent, lease_returned, lease_lost,
                           epoch_closed, signatures_withdrawn, workers_verified,
                           leases_lent, leases_returned, format_announced>;

/// The event for one lease or more: of kind 2 or 3 for one.
event event_of(leases_lent e);
event event_of(leases_returned e);

/// The leases that an event lends, one by one; none for events of other kinds.
std::vector<lease_lent> leases_of(const event& e);
std::vector<lease_lent> leases_of(const leases_lent& e);

/// The fences that an event returns; none for events of other kinds.
std::vector<std::uint64_t> returns_of(const event& e);

/// Throws std::invalid_argument for an event that the table above does not
/// allow: leases lent or returned together that are fewer than two, more than
/// 65,535, or whose fences leave their epoch; a content type over 255 bytes.
std::string encode(const event& e);

/// Throws storage::corrupt for anything that encode does not write.
event decode_event(std::span<const std::byte> bytes);

/// Whether these bytes, which are not empty, begin as an epoch_opened event's.
bool opens_epoch(std::span<const std::byte> bytes);

/// The same for epoch_opened and format_announced.
bool begins_an_epoch(std::span<const std::byte> bytes);

std::string encode(const batch_row& row);

/// Throws storage::corrupt for anything that encode does not write.
batch_row decode_batch_row(std::uint64_t first,
                           std::span<const std::byte> bytes);

} // namespace chancery::storage
