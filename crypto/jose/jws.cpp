// SPDX-License-Identifier: Apache-2.0
#include "crypto/jose/jws.hpp"

#include "crypto/base/base64url.hpp"
#include "crypto/base/bytes.hpp"
#include "crypto/base/hash.hpp"
#include "crypto/jose/jose_parts.hpp"
#include "crypto/jose/json_members.hpp"
#include "crypto/jose/json_object.hpp"
#include "crypto/jose/jwk.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <iterator>
#include <stdexcept>
#include <utility>

namespace chancery::crypto {

namespace {

[[noreturn]] void refuse_jws(const std::string& sentence) {
  throw invalid_jws(sentence);
}

/// The key in a header.
public_key parse_jwk(const nlohmann::json& jwk) {
  try {
    auto key = public_key_from_jwk(jwk, jwk_purpose::verify);
    if (key.curve() == curve::p256)
      return key;
  } catch (const std::invalid_argument&) {
  }
  refuse_jws("its jwk is not a public key on P-256 to verify with");
}

/// Fills `kid`.
template <class Json>
void read_header(const Json& header, std::string_view typ, bool with_jwk,
                 jws& parts) {
  if (!(with_jwk ? has_members(header, {"alg", "kid", "typ", "jwk"})
                 : has_members(header, {"alg", "kid", "typ"})))
    refuse_jws(
        fmt::format("its header does not have exactly the members alg, kid, "
                    "typ{}",
                    with_jwk ? ", jwk" : ""));
  if (text_member(header, "alg") != "ES256")
    refuse_jws("its algorithm is not ES256");
  if (text_member(header, "typ") != typ)
    refuse_jws(fmt::format("its type is not {}", typ));
  const auto kid = text_member(header, "kid");
  if (!kid)
    refuse_jws("its kid is not a string");
  parts.kid = *kid;
}

/// Fills `kid` and `jwk`. Headers with a key are rare, so they may cost a
/// document.
void parse_header(std::string_view part, std::string_view typ, jws_key key,
                  jws& parts) {
  try {
    if (key == jws_key::named)
      return read_header(jose_header(part).json(), typ, false, parts);
    const auto header = parse_jose_header(part);
    read_header(header, typ, true, parts);
    parts.jwk = parse_jwk(header["jwk"]);
  } catch (const std::invalid_argument& e) {
    refuse_jws(e.what());
  }
}

} // namespace

jws parse_jws(std::string_view compact, std::string_view typ, jws_key key) {
  const auto split = split_compact<3>(compact);
  if (!split)
    refuse_jws("it is not a compact JWS of three parts");
  const auto& [header, payload, signature] = *split;
  jws parts;
  parse_header(header, typ, key, parts);
  auto payload_text = base64url_decode(payload);
  if (!payload_text || payload_text->empty())
    refuse_jws("its payload is not base64url of at least one byte");
  if (!base64url_decode(signature, parts.signature))
    refuse_jws("its signature is not base64url of 64 bytes");
  parts.payload = *std::move(payload_text);
  parts.signing_input = compact.substr(0, header.size() + 1 + payload.size());
  return parts;
}

std::array<std::uint8_t, 32> jws_digest(const jws& parts) {
  return sha256(bytes_of(parts.signing_input));
}

bool verify_jws(signature_verifier& verifier, const jws& parts,
                const public_key& key) {
  const auto digest = jws_digest(parts);
  return verifier.verify(key, std::as_bytes(std::span(digest)),
                         parts.signature);
}

std::string jws_signing_input(std::string_view typ, const key_id& kid,
                              std::string_view payload, const public_key* jwk) {
  auto header = fmt::format(R"({{"alg":"ES256","kid":"{}","typ":"{}")",
                            to_text(kid), typ);
  if (jwk != nullptr) {
    const auto half = field_size(jwk->curve());
    fmt::format_to(std::back_inserter(header),
                   R"(,"jwk":{{"kty":"EC","crv":"{}","x":"{}","y":"{}"}})",
                   jwk_curve_name(jwk->curve()),
                   base64url_encode(jwk->point().first(half)),
                   base64url_encode(jwk->point().subspan(half)));
  }
  header += '}';
  auto input = base64url_encode(bytes_of(header));
  input += '.';
  input += base64url_encode(bytes_of(payload));
  return input;
}

std::string compact_jws(std::string signing_input,
                        std::span<const std::byte> signature) {
  if (signature.size() != signature_size(curve::p256))
    throw std::invalid_argument("an ES256 signature has 64 bytes");
  signing_input += '.';
  signing_input += base64url_encode(signature);
  return signing_input;
}

std::string sign_jws_input(batch_signer& signer, const private_key& key,
                           std::string signing_input) {
  const auto digest = sha256(bytes_of(signing_input));
  const key_run run{&key, 1};
  std::array<std::byte, 64> signature;
  signer.sign_batch({&run, 1}, std::as_bytes(std::span(digest)), signature);
  return compact_jws(std::move(signing_input), signature);
}

std::string sign_jws(batch_signer& signer, const private_key& key,
                     std::string_view typ, std::string_view payload,
                     bool with_jwk) {
  return sign_jws_input(
      signer, key,
      jws_signing_input(typ, key.id(), payload,
                        with_jwk ? &key.public_half() : nullptr));
}

std::string_view payload_part(std::string_view compact) noexcept {
  const auto split = split_compact<3>(compact);
  return split ? (*split)[1] : std::string_view();
}

} // namespace chancery::crypto
