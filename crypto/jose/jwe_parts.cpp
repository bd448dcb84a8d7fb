// SPDX-License-Identifier: Apache-2.0
#include "crypto/jose/jwe_parts.hpp"

#include "crypto/base/base64url.hpp"
#include "crypto/base/bytes.hpp"
#include "crypto/jose/jose_parts.hpp"
#include "crypto/jose/json_members.hpp"
#include "crypto/jose/json_object.hpp"
#include "crypto/jose/jwk.hpp"

#include <fmt/format.h>

#include <span>
#include <stdexcept>
#include <utility>

namespace chancery::crypto {

namespace {

constexpr std::size_t coordinate_size = 32;

[[noreturn]] void refuse_part(const std::string& sentence) {
  throw invalid_jwe(sentence);
}

sec1_point parse_epk(const json_object& epk) {
  if (find_member(epk, "d") != nullptr)
    refuse_part("its epk holds a private key");
  try {
    require_permitted(epk, jwk_purpose::agree_with);
  } catch (const std::invalid_argument&) {
    refuse_part("its epk may not be used for a key agreement");
  }
  sec1_point point{std::byte{0x04}};
  const auto xy = std::span(point).subspan(1);
  if (text_member(epk, "kty") != "EC" || text_member(epk, "crv") != "P-256" ||
      !read_octets_member(epk, "x", xy.first(coordinate_size)) ||
      !read_octets_member(epk, "y", xy.subspan(coordinate_size)))
    refuse_part("its epk is not a public key on P-256");
  return point;
}

/// `apu` or `apv` (RFC 7518 4.6.1); empty when absent.
std::string party_info(const json_object& header, const char* name) {
  if (find_member(header, name) == nullptr)
    return {};
  const auto text = text_member(header, name);
  auto info = text ? base64url_decode(*text) : std::nullopt;
  if (!info)
    refuse_part(fmt::format("its {} is not base64url", name));
  return *std::move(info);
}

jose_header header_of(std::string_view part) {
  try {
    return jose_header(part);
  } catch (const std::invalid_argument& e) {
    refuse_part(e.what());
  }
}

void parse_header(std::string_view part, std::string_view kid,
                  std::string_view cty, jwe_parts& parts) {
  const auto decoded = header_of(part);
  const auto& header = decoded.json();
  if (!has_members(header, {"alg", "enc", "epk", "kid", "cty"}, {"apu", "apv"}))
    refuse_part(
        "its header does not have exactly the members alg, enc, epk, kid, "
        "cty, and perhaps apu, apv");
  if (text_member(header, "alg") != "ECDH-ES" ||
      text_member(header, "enc") != "A256GCM")
    refuse_part("its algorithms are not ECDH-ES and A256GCM");
  if (text_member(header, "kid") != kid)
    refuse_part("its kid names another key");
  if (text_member(header, "cty") != cty)
    refuse_part(fmt::format("its content type is not {}", cty));
  parts.epk = parse_epk(json_object(find_member(header, "epk")->json));
  parts.apu = party_info(header, "apu");
  parts.apv = party_info(header, "apv");
}

std::string decode(std::string_view part, const char* name) {
  auto bytes = base64url_decode(part);
  if (!bytes)
    refuse_part(fmt::format("its {} is not base64url", name));
  return *std::move(bytes);
}

} // namespace

jwe_parts parse_jwe(std::string_view compact, std::string_view kid,
                    std::string_view cty) {
  const auto split = split_compact<5>(compact);
  if (!split)
    refuse_part("it is not a compact JWE of five parts");
  const auto& [header, encrypted_key, iv, ciphertext, tag] = *split;
  jwe_parts parts;
  parts.header = header;
  parse_header(header, kid, cty, parts);
  if (!encrypted_key.empty()) // RFC 7516 5.2 step 10
    refuse_part("it has an encrypted key, which direct key agreement forbids");
  parts.iv = decode(iv, "iv");
  parts.ciphertext = decode(ciphertext, "ciphertext");
  parts.tag = decode(tag, "tag");
  if (parts.iv.size() != gcm_iv_size || parts.tag.size() != gcm_tag_size)
    refuse_part("its iv does not have 12 bytes, or its tag 16");
  return parts;
}

std::string jwe_header(const sec1_point& epk, const key_id& kid,
                       std::string_view cty) {
  const auto xy = std::span(epk).subspan(1);
  return base64url_encode(bytes_of(fmt::format(
      R"({{"alg":"ECDH-ES","enc":"A256GCM","epk":{{"kty":"EC","crv":"P-256",)"
      R"("x":"{}","y":"{}"}},"kid":"{}","cty":"{}"}})",
      base64url_encode(xy.first(coordinate_size)),
      base64url_encode(xy.subspan(coordinate_size)), to_text(kid), cty)));
}

} // namespace chancery::crypto
