// SPDX-License-Identifier: Apache-2.0
#include "apps/simulation/attacker.hpp"

#include "crypto/base/base64url.hpp"
#include "crypto/base/bytes.hpp"
#include "crypto/base/hash.hpp"
#include "crypto/jose/jwe.hpp"
#include "crypto/ledger/message.hpp"

#include <array>
#include <fmt/format.h>
#include <utility>

namespace chancery::apps {

namespace {

constexpr std::string_view some_time = "2026-01-01T00:00:00Z";

} // namespace

attacker::attacker(crypto::node_keys node)
    : key_(crypto::private_key::generate(crypto::curve::p256,
                                         crypto::system_random())),
      node_(std::move(node)),
      signer_(crypto::make_batch_signer(crypto::single_signatures,
                                        crypto::curve::p256,
                                        crypto::system_random())) {}

std::string attacker::payload(std::string_view seq, std::string_view more,
                              std::string_view body) const {
  return fmt::format(
      R"({{"v":1,"client":"{}","seq":{},"time":"{}","node":"{}",{}"body":{}}})",
      crypto::to_text(id()), seq, some_time,
      crypto::to_text(node_.signing.id()), more, body);
}

std::string attacker::payload(std::uint64_t sequence,
                              std::string_view body) const {
  return payload(std::to_string(sequence), "", body);
}

std::string
attacker::signed_text(std::string_view header, std::string_view payload,
                      const crypto::private_key& signing_key) const {
  auto input = crypto::base64url_encode(crypto::bytes_of(header)) + '.' +
               crypto::base64url_encode(crypto::bytes_of(payload));
  const auto digest = crypto::sha256(crypto::bytes_of(input));
  const crypto::key_run run{&signing_key, 1};
  std::array<std::byte, 64> signature{};
  signer_->sign_batch({&run, 1}, std::as_bytes(std::span(digest)), signature);
  return crypto::compact_jws(std::move(input), signature);
}

std::string attacker::signed_text(std::string_view header,
                                  std::string_view payload) const {
  return signed_text(header, payload, key_);
}

std::string attacker::header() const {
  return fmt::format(R"({{"alg":"ES256","kid":"{}","typ":"{}"}})",
                     crypto::to_text(id()), crypto::message_type);
}

std::string attacker::message(std::string_view payload) const {
  return signed_text(header(), payload);
}

std::string attacker::registration(const crypto::key_id& node) const {
  return crypto::sign_jws(
      *signer_, key_, crypto::registration_type,
      crypto::to_json(crypto::registration{
          .client = id(), .node = node, .time = std::string(some_time)}),
      true);
}

std::string attacker::sealed(std::string_view jws) const {
  return crypto::seal_jwe(jws, node_.encryption, crypto::message_type);
}

} // namespace chancery::apps
