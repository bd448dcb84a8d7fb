// SPDX-License-Identifier: Apache-2.0
#pragma once

// The JSON of everything that the ledger's node and its clients sign, version
// 1. message.schema.json in this folder is the same format as a JSON Schema;
// client and node use the functions here. Texts are written without white
// space, with members in the order that crypto/README.md shows. Reading is
// strict: it refuses unknown, missing and duplicate members, other types,
// numbers out of range, ids that are not thumbprints, times that are not RFC
// 3339 in UTC, and text that is not UTF-8 (bad_schema). Pure functions; any
// thread.

#include "crypto/jose/jws.hpp"
#include "crypto/keys/key.hpp"
#include "crypto/ledger/refusal.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace chancery::crypto {

/// The `typ` of each kind of signed object.
inline constexpr std::string_view message_type = "chancery-message+jws";
inline constexpr std::string_view registration_type =
    "chancery-registration+jws";
inline constexpr std::string_view receipt_type = "chancery-receipt+jws";
inline constexpr std::string_view keys_type = "chancery-keys+jws";

inline constexpr std::uint32_t block_size_max = 65'536; ///< messages

/// Parses a signed object of the ledger without verifying it. A registration
/// includes its key. Throws refused (not_signed).
jws parse_signed(std::string_view compact, std::string_view typ);

/// Maximum bytes of a message's JSON text.
inline constexpr std::size_t payload_size_max = 64 * 1024;
/// Maximum characters of a received JWS or JWE: room for the largest payload,
/// encoded twice, and its headers. The node refuses longer ones unparsed.
inline constexpr std::size_t wire_size_max = 128 * 1024;
/// 2^53 - 1: the largest integer that every JSON reader represents exactly.
inline constexpr std::uint64_t sequence_max = 9'007'199'254'740'991;

using hash_bytes = std::array<std::uint8_t, 32>;

struct message {
  key_id client{};
  std::uint64_t sequence = 0; ///< 1 .. sequence_max
  std::string time;           ///< RFC 3339, as the client wrote it
  key_id node{};
  std::string body; ///< JSON text of any value, as the client wrote it
};

struct registration {
  key_id client{};
  key_id node{};
  std::string time;
};

struct block_ref {
  std::uint64_t index = 0;
  hash_bytes hash{};
  friend bool operator==(const block_ref&, const block_ref&) = default;
};

struct receipt {
  key_id node{};
  key_id client{};
  std::uint64_t sequence = 0;
  std::uint64_t index = 0; ///< of the message in the ledger
  hash_bytes leaf{};       ///< merkle_leaf of the message's compact JWS
  std::uint64_t time_ms = 0;
  std::optional<block_ref> block; ///< the last one sealed before the message
};

struct node_keys {
  public_key signing; ///< its thumbprint is the node's id
  public_key encryption;
  std::uint32_t block_size = 0;
};

/// Throws std::invalid_argument if the body is not one JSON value, the sequence
/// or the time is out of range, or the text is over payload_size_max.
std::string to_json(const message& m);
std::string to_json(const registration& r);
std::string to_json(const receipt& r);
std::string to_json(const node_keys& k);

/// All throw refused (bad_schema; too_large for a message over its limit).
message message_from_json(std::string_view text);
registration registration_from_json(std::string_view text);
receipt receipt_from_json(std::string_view text);
/// Also checks each key's `kid` and `use`, and that the two keys differ.
node_keys node_keys_from_json(std::string_view text);

} // namespace chancery::crypto
