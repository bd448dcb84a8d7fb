// SPDX-License-Identifier: Apache-2.0
#pragma once

// Rows of the three tables about certificates: all of them public data, and
// never deleted, as signatures that were made under a certificate need it for
// as long as they are verified. Pure functions on std types; what a
// certificate says is not known here. Integers are big endian.
//
//   certificates      SHA-256 of the leaf's DER
//                     -> count u8, then of each certificate its length u32 and
//                        its DER: the leaf, its issuers, the root last
//   enrolments        key 32, number u32 (of the key, from 0; the last counts)
//                     -> SHA-256 of the leaf 32, time u64 (ms since 1970)
//   revocation_lists  the issuer's key id -> DER

#include "storage/journal.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace chancery::storage {

inline constexpr std::size_t certificate_size_max = 64 * 1024; ///< bytes of DER
inline constexpr std::size_t chain_length_max = 16; ///< leaf and root included
inline constexpr std::size_t revocation_list_size_max = 64 << 20; ///< bytes
inline constexpr std::size_t issuer_key_id_max = 64;              ///< bytes

using certificate_chain = std::vector<std::span<const std::byte>>;

/// That a key is named by a certificate from that time on.
struct enrolment {
  key_name key{};           ///< in the row's key
  std::uint32_t number = 0; ///< in the row's key
  certificate_name leaf{};
  std::uint64_t time_ms = 0;

  friend bool operator==(const enrolment&, const enrolment&) = default;
};

/// Throws std::invalid_argument for an empty chain and for sizes beyond those
/// above.
std::string encode(const certificate_chain& chain);

/// Spans into `value`. Throws storage::corrupt for anything that encode() does
/// not write.
certificate_chain decode_certificates(std::span<const std::byte> value);

std::string enrolment_key(const key_name& key, std::uint32_t number);
std::string encode(const enrolment& row);

/// Throws storage::corrupt for anything that the two above do not write.
enrolment decode_enrolment(std::span<const std::byte> key,
                           std::span<const std::byte> value);

} // namespace chancery::storage
