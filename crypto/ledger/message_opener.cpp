// SPDX-License-Identifier: Apache-2.0
#include "crypto/ledger/message_opener.hpp"

#include "crypto/base/bytes.hpp"
#include "crypto/jose/jwe_parts.hpp"

#include <fmt/format.h>

#include <array>
#include <utility>
#include <vector>

namespace chancery::crypto {

namespace {

/// Must come before parsing, so that a huge text costs nothing.
void require_wire_size(std::string_view text) {
  if (text.size() > wire_size_max)
    throw refused(
        refusal::too_large,
        fmt::format("it is longer than {} characters", wire_size_max));
}

void require_node(const key_id& named, const key_id& own) {
  if (named != own)
    throw refused(refusal::wrong_node, "it is addressed to another node");
}

void require_signature(signature_verifier& verifier, const jws& parts,
                       const public_key& key) {
  if (!verify_jws(verifier, parts, key))
    throw bad_signature();
}

} // namespace

refused bad_signature() {
  return {refusal::bad_signature, "its signature does not verify"};
}

message_opener::message_opener(const key_id& node,
                               const private_key& encryption, provider p)
    : node_(node), encryption_(encryption.id()), jwe_(encryption, p),
      signatures_(p) {}

opened_message message_opener::checked(std::string compact) {
  opened_message opened;
  opened.compact = std::move(compact);
  opened.parts = parse_signed(opened.compact, message_type);
  opened.content = message_from_json(opened.parts.payload);
  require_node(opened.content.node, node_);
  if (opened.parts.kid != to_text(opened.content.client))
    throw refused(refusal::not_the_sender,
                  "its kid is not the client that it names");
  return opened;
}

opened_message message_opener::open(std::string_view jwe) {
  auto opening = std::move(open_all({&jwe, 1}).front());
  if (const auto* refusal = std::get_if<refused>(&opening))
    throw *refusal;
  return std::get<opened_message>(std::move(opening));
}

std::vector<message_opening>
message_opener::open_all(std::span<const std::string_view> jwes) {
  std::vector<message_opening> openings(jwes.size());
  std::vector<std::string_view> texts;
  std::vector<std::size_t> places; // of the texts among the openings
  for (std::size_t i = 0; i < jwes.size(); ++i)
    try {
      require_wire_size(jwes[i]);
      texts.push_back(jwes[i]);
      places.push_back(i);
    } catch (const refused& r) {
      openings[i] = r;
    }
  auto decrypted = jwe_.open_batch(texts, message_type);
  for (std::size_t i = 0; i < decrypted.size(); ++i)
    try {
      if (const auto* fault = std::get_if<invalid_jwe>(&decrypted[i]))
        throw refused(refusal::not_encrypted_to_me, fault->what());
      openings[places[i]] =
          checked(std::get<std::string>(std::move(decrypted[i])));
    } catch (const refused& r) {
      openings[places[i]] = r;
    }
  return openings;
}

void message_opener::require_sender(const opened_message& opened,
                                    const public_key& key) {
  if (key.id() != opened.content.client)
    throw refused(refusal::not_the_sender,
                  "the key does not belong to the client that it names");
}

void message_opener::verify(const opened_message& opened,
                            const public_key& key) {
  require_sender(opened, key);
  require_signature(signatures_.verifier(), opened.parts, key);
}

void message_opener::verify_all(std::span<const message_claim> claims,
                                std::span<bool> verdicts) {
  signatures_.clear();
  for (const auto& claim : claims)
    signatures_.add(bytes_of(claim.opened->compact), claim.opened->parts,
                    *claim.key);
  signatures_.verify();
  for (std::size_t i = 0; i < claims.size(); ++i)
    verdicts[i] = signatures_.right(i);
}

opened_registration
message_opener::open_registration(std::string_view compact) {
  require_wire_size(compact);
  const auto parts = parse_signed(compact, registration_type);
  opened_registration opened{registration_from_json(parts.payload),
                             parts.jwk.value()};
  const auto& client = opened.content.client;
  require_node(opened.content.node, node_);
  if (opened.key.id() != client || parts.kid != to_text(client))
    throw refused(refusal::not_the_sender,
                  "its key, its kid and the client that it names differ");
  if (client == node_ || client == encryption_)
    throw refused(refusal::not_the_sender,
                  "it registers a key of the node itself");
  require_signature(signatures_.verifier(), parts, opened.key);
  return opened;
}

} // namespace chancery::crypto
