// SPDX-License-Identifier: Apache-2.0

// Reads what message.cpp writes. Each function checks what message.schema.json
// states under the same name; a test compares the two.

#include "crypto/base/timestamp.hpp"
#include "crypto/jose/json_members.hpp"
#include "crypto/jose/json_object.hpp"
#include "crypto/jose/jwk.hpp"
#include "crypto/jose/strict_json.hpp"
#include "crypto/ledger/block.hpp"
#include "crypto/ledger/message.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <span>
#include <stdexcept>

namespace chancery::crypto {

namespace {

[[noreturn]] void refuse_message(const std::string& sentence) {
  throw refused(refusal::bad_schema, sentence);
}

/// What `read` finds in a payload.
template <class Read>
auto payload_in(std::string_view text, Read read) {
  try {
    return read(text);
  } catch (const std::invalid_argument& e) {
    refuse_message(std::string("its payload is ") + e.what());
  }
}

/// Exactly these members, of which `v` is the integer 1.
template <class Json>
void require_members(const Json& json,
                     std::initializer_list<std::string_view> members) {
  if (!has_members(json, members))
    refuse_message(
        fmt::format("its payload does not have exactly the members {}",
                    fmt::join(members, ", ")));
  if (number_member(json, "v") != 1U)
    refuse_message("its version is not 1");
}

json_object parse_object(std::string_view text,
                         std::initializer_list<std::string_view> members) {
  auto json = payload_in(text, [](auto t) { return json_object(t); });
  require_members(json, members);
  return json;
}

/// 32 bytes as base64url: a thumbprint or a hash.
template <class Json>
hash_bytes read_hash(const Json& object, const char* name) {
  hash_bytes hash;
  if (!read_octets_member(object, name,
                          std::as_writable_bytes(std::span(hash))))
    refuse_message(fmt::format("its {} is not base64url of 32 bytes", name));
  return hash;
}

/// 1.0 and 1e0 are refused.
template <class Json>
std::uint64_t read_integer(const Json& object, const char* name,
                           std::uint64_t min, std::uint64_t max) {
  const auto value = number_member(object, name);
  if (!value || *value < min || *value > max)
    refuse_message(
        fmt::format("its {} is not an integer from {} to {}", name, min, max));
  return *value;
}

struct timestamp {
  std::string text;
  std::uint64_t ms;
};

timestamp read_time(const json_object& object) {
  const auto text = text_member(object, "time");
  const auto ms = text ? time_from_rfc3339(*text) : std::nullopt;
  if (!ms)
    refuse_message(
        "its time is not RFC 3339 in UTC, such as 2026-01-01T00:00:00Z");
  return {std::string(*text), *ms};
}

std::optional<block_ref> read_block(std::string_view json) {
  if (json == "null")
    return std::nullopt;
  const json_object block(json);
  if (!has_members(block, {"index", "hash"}))
    refuse_message("its block is not null or exactly index and hash");
  return block_ref{read_integer(block, "index", 0, sequence_max),
                   read_hash(block, "hash")};
}

public_key read_key(const nlohmann::json& jwk, std::string_view use,
                    std::string_view alg) {
  if (!has_members(jwk, {"kty", "crv", "x", "y", "kid", "use", "alg"}))
    refuse_message(
        "a key does not have exactly the members kty, crv, x, y, kid, use, "
        "alg");
  if (text_member(jwk, "use") != use || text_member(jwk, "alg") != alg)
    refuse_message(fmt::format("a key is not for use {} with {}", use, alg));
  try {
    auto key = public_key_from_jwk(jwk, use == "sig" ? jwk_purpose::verify
                                                     : jwk_purpose::agree_with);
    if (key.curve() == curve::p256 && read_hash(jwk, "kid") == key.id())
      return key;
  } catch (const std::invalid_argument&) {
  }
  refuse_message("a key is not on P-256, or its kid is not its thumbprint");
}

} // namespace

message message_from_json(std::string_view text) {
  if (text.size() > payload_size_max)
    throw refused(
        refusal::too_large,
        fmt::format("its payload is longer than {} bytes", payload_size_max));
  const auto json =
      parse_object(text, {"v", "client", "seq", "time", "node", "body"});
  message m;
  m.client = read_hash(json, "client");
  m.sequence = read_integer(json, "seq", 1, sequence_max);
  m.time = read_time(json).text;
  m.node = read_hash(json, "node");
  m.body = find_member(json, "body")->json; // the characters as signed
  return m;
}

registration registration_from_json(std::string_view text) {
  const auto json = parse_object(text, {"v", "client", "node", "time"});
  return {read_hash(json, "client"), read_hash(json, "node"),
          read_time(json).text};
}

receipt receipt_from_json(std::string_view text) {
  const auto json = parse_object(
      text, {"v", "node", "client", "seq", "index", "leaf", "time", "block"});
  receipt r;
  r.node = read_hash(json, "node");
  r.client = read_hash(json, "client");
  r.sequence = read_integer(json, "seq", 1, sequence_max);
  r.index = read_integer(json, "index", 0, sequence_max);
  r.leaf = read_hash(json, "leaf");
  r.time_ms = read_time(json).ms;
  r.block = read_block(find_member(json, "block")->json);
  return r;
}

node_keys node_keys_from_json(std::string_view text) {
  const auto json = payload_in(text, parse_strict_json);
  require_members(json, {"v", "node", "keys", "block_size"});
  const auto& keys = json["keys"];
  if (!keys.is_array() || keys.size() != 2)
    refuse_message(
        "its keys are not exactly two: for signing, then for encryption");
  node_keys k{read_key(keys[0], "sig", "ES256"),
              read_key(keys[1], "enc", "ECDH-ES"),
              static_cast<std::uint32_t>(
                  read_integer(json, "block_size", 1, block_size_max))};
  if (k.signing == k.encryption)
    refuse_message("its two keys are the same");
  if (read_hash(json, "node") != k.signing.id())
    refuse_message("its node is not the thumbprint of its signing key");
  return k;
}

jws parse_signed(std::string_view compact, std::string_view typ) {
  try {
    return parse_jws(compact, typ,
                     typ == registration_type ? jws_key::included
                                              : jws_key::named);
  } catch (const invalid_jws& e) {
    throw refused(refusal::not_signed, e.what());
  }
}

} // namespace chancery::crypto
