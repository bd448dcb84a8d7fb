// SPDX-License-Identifier: Apache-2.0
#include "jose_fixture.hpp"

#include "crypto/base/base64url.hpp"
#include "crypto/base/bytes.hpp"
#include "crypto/jose/jose_parts.hpp"
#include "crypto/keys/botan_group.hpp"
#include "crypto/keys/botan_keys.hpp"
#include "fixture.hpp"

#include <botan/aead.h>
#include <botan/ecdh.h>
#include <botan/ecdsa.h>
#include <botan/kdf.h>
#include <botan/pubkey.h>
#include <botan/system_rng.h>
#include <fmt/format.h>

#include <memory>
#include <stdexcept>
#include <vector>

namespace chancery::crypto::test {

namespace {

private_key key_from(std::string_view d) {
  return {curve::p256, bytes(decode(d))};
}

/// RFC 7518 4.6.2: a length in four bytes.
std::string size_of(std::string_view text) {
  return {static_cast<char>(text.size() >> 24 & 0xff),
          static_cast<char>(text.size() >> 16 & 0xff),
          static_cast<char>(text.size() >> 8 & 0xff),
          static_cast<char>(text.size() & 0xff)};
}

Botan::secure_vector<std::uint8_t> content_key(const jwe_recipe& recipe) {
  std::string info;
  for (const std::string& part :
       {std::string("A256GCM"), recipe.apu, recipe.apv})
    info += size_of(part) + part;
  info += std::string{'\0', '\0', '\1', '\0'}; // 256 bits
  return Botan::KDF::create_or_throw("SP800-56A(SHA-256)")
      ->derive_key(32, octets(bytes(recipe.secret)), recipe.secret.size(), "",
                   info);
}

std::unique_ptr<Botan::AEAD_Mode>
ready_gcm(Botan::Cipher_Dir direction,
          const Botan::secure_vector<std::uint8_t>& key,
          std::string_view header, std::string_view iv) {
  auto gcm = Botan::AEAD_Mode::create_or_throw("AES-256/GCM", direction);
  gcm->set_key(key);
  gcm->set_associated_data(octets(bytes(header)), header.size());
  gcm->start(octets(bytes(iv)), iv.size());
  return gcm;
}

std::string text_of(const Botan::secure_vector<std::uint8_t>& data,
                    std::size_t begin, std::size_t end) {
  return {data.begin() + static_cast<std::ptrdiff_t>(begin),
          data.begin() + static_cast<std::ptrdiff_t>(end)};
}

} // namespace

std::string encode(std::string_view text) {
  return base64url_encode(bytes(text));
}

std::string decode(std::string_view text) {
  auto decoded = base64url_decode(text);
  if (!decoded)
    throw std::invalid_argument("not base64url");
  return *std::move(decoded);
}

private_key rfc7515_key() {
  return key_from("jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI");
}

private_key rfc7518_alice() {
  return key_from("0_NxaRPUMQoAJt50Gz8YiTr8gRTwyEaCumd-MToTmIo");
}

private_key rfc7518_bob() {
  return key_from("VEmDZpDXXK8p8N0Cndsxs924q6nS1RXFASRl6BfUqdw");
}

std::string shared_secret(const private_key& own, const public_key& peer) {
  const Botan::ECDH_PrivateKey key(
      Botan::system_rng(), botan_group(curve::p256),
      Botan::BigInt(octets(own.scalar()), own.scalar().size()));
  const auto agreement =
      Botan::PK_Key_Agreement(key, Botan::system_rng(), "Raw");
  std::vector<std::uint8_t> point{0x04};
  point.insert(point.end(), octets(peer.point()),
               octets(peer.point()) + peer.point().size());
  const auto secret = agreement.derive_key(32, point).bits_of();
  return text_of(secret, 0, secret.size());
}

std::string jwk_text(const public_key& key) {
  const auto half = field_size(key.curve());
  return fmt::format(R"({{"kty":"EC","crv":"{}","x":"{}","y":"{}"}})",
                     jwk_curve_name(key.curve()),
                     base64url_encode(key.point().first(half)),
                     base64url_encode(key.point().subspan(half)));
}

std::string jwe_header_text(const public_key& epk, const public_key& recipient,
                            std::string_view cty) {
  return fmt::format(R"({{"alg":"ECDH-ES","enc":"A256GCM","epk":{},)"
                     R"("kid":"{}","cty":"{}"}})",
                     jwk_text(epk), to_text(recipient.id()), cty);
}

std::string jwe_by_botan(const jwe_recipe& recipe, std::string_view plaintext) {
  const auto header = encode(recipe.header);
  const std::string iv = "twelve bytes";
  Botan::secure_vector<std::uint8_t> text(plaintext.begin(), plaintext.end());
  ready_gcm(Botan::ENCRYPTION, content_key(recipe), header, iv)->finish(text);
  return fmt::format("{}..{}.{}.{}", header, encode(iv),
                     encode(text_of(text, 0, plaintext.size())),
                     encode(text_of(text, plaintext.size(), text.size())));
}

std::optional<std::string> open_by_botan(std::string_view jwe,
                                         const std::string& secret) {
  const auto parts = split_compact<5>(jwe).value();
  const auto sealed = decode(parts[3]) + decode(parts[4]);
  Botan::secure_vector<std::uint8_t> text(sealed.begin(), sealed.end());
  try {
    ready_gcm(Botan::DECRYPTION, content_key({{}, secret}), parts[0],
              decode(parts[2]))
        ->finish(text);
  } catch (const Botan::Invalid_Authentication_Tag&) {
    return std::nullopt;
  }
  return text_of(text, 0, text.size());
}

} // namespace chancery::crypto::test
