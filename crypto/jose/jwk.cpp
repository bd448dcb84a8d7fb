// SPDX-License-Identifier: Apache-2.0
#include "crypto/jose/jwk.hpp"

#include "crypto/base/base64url.hpp"
#include "crypto/base/bytes.hpp"
#include "crypto/jose/json_members.hpp"
#include "crypto/jose/strict_json.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string>

namespace chancery::crypto {

namespace {

template <class Json>
Json public_members(const public_key& key) {
  using string = typename Json::string_t;
  const auto half = field_size(key.curve());
  const auto x = base64url_encode(key.point().first(half));
  const auto y = base64url_encode(key.point().subspan(half));
  auto jwk = Json::object();
  jwk["kty"] = "EC";
  jwk["crv"] = string(jwk_curve_name(key.curve()));
  jwk["x"] = string(x.begin(), x.end());
  jwk["y"] = string(y.begin(), y.end());
  return jwk;
}

template <class Json>
std::string_view jwk_text(const Json& jwk, const char* name) {
  const auto text = text_member(jwk, name);
  if (!text)
    throw std::invalid_argument(
        fmt::format("the JWK has no string member '{}'", name));
  return *text;
}

/// RFC 7518 6.2.1.2: a coordinate has the full size of the field.
template <class Json>
secret_string jwk_number(const Json& jwk, const char* name, curve c) {
  auto number = base64url_decode_secret(jwk_text(jwk, name));
  if (!number || number->size() != field_size(c))
    throw std::invalid_argument(fmt::format(
        "the JWK member '{}' is not a number of {}", name, jwk_curve_name(c)));
  return *std::move(number);
}

template <class Json>
curve curve_of(const Json& jwk) {
  if (jwk_text(jwk, "kty") != "EC")
    throw std::invalid_argument("the JWK is not an EC key");
  const auto name = jwk_text(jwk, "crv");
  for (const auto c : {curve::p256, curve::p384})
    if (name == jwk_curve_name(c))
      return c;
  throw std::invalid_argument("the JWK is on neither P-256 nor P-384");
}

template <class Json>
public_key public_part(const Json& jwk) {
  const auto c = curve_of(jwk);
  const auto x = jwk_number(jwk, "x", c);
  const auto y = jwk_number(jwk, "y", c);
  std::array<std::byte, 96> point;
  auto end = std::copy_n(bytes_of(x).begin(), x.size(), point.begin());
  end = std::copy_n(bytes_of(y).begin(), y.size(), end);
  return public_key(c, std::span(point.begin(), end));
}

bool is_signature(jwk_purpose purpose) {
  return purpose == jwk_purpose::sign || purpose == jwk_purpose::verify;
}

/// Whether an operation of `key_ops` is the purpose.
bool is_operation(std::string_view name, jwk_purpose purpose) {
  if (is_signature(purpose))
    return name == (purpose == jwk_purpose::sign ? "sign" : "verify");
  return name == "deriveKey" || name == "deriveBits";
}

template <class Json>
bool operations_permit(const Json& operations, jwk_purpose purpose) {
  if (!operations.is_array())
    throw std::invalid_argument("the JWK's key_ops is not a list");
  bool found = operations.empty() && purpose == jwk_purpose::agree_with;
  for (auto at = operations.begin(); at != operations.end(); ++at) {
    if (!at->is_string() || std::find(operations.begin(), at, *at) != at)
      throw std::invalid_argument(
          "the JWK's key_ops is not a list of different names");
    found = found ||
            is_operation(at->template get_ref<const typename Json::string_t&>(),
                         purpose);
  }
  return found;
}

/// A member of a json_object: so rare that it may cost a document.
bool operations_permit(const json_member& operations, jwk_purpose purpose) {
  return operations_permit(parse_strict_json(operations.json), purpose);
}

template <class Json>
void require_purpose(const Json& jwk, jwk_purpose purpose) {
  const auto* use = find_member(jwk, "use");
  if (use != nullptr &&
      text_member(jwk, "use") != (is_signature(purpose) ? "sig" : "enc"))
    throw std::invalid_argument("the JWK is for another use");
  const auto* operations = find_member(jwk, "key_ops");
  if (operations != nullptr && !operations_permit(*operations, purpose))
    throw std::invalid_argument("the JWK is for other operations");
}

} // namespace

void require_permitted(const nlohmann::json& jwk, jwk_purpose purpose) {
  require_purpose(jwk, purpose);
}

void require_permitted(const secret_json& jwk, jwk_purpose purpose) {
  require_purpose(jwk, purpose);
}

void require_permitted(const json_object& jwk, jwk_purpose purpose) {
  require_purpose(jwk, purpose);
}

nlohmann::json to_jwk(const public_key& key) {
  return public_members<nlohmann::json>(key);
}

public_key public_key_from_jwk(const nlohmann::json& jwk, jwk_purpose purpose) {
  require_permitted(jwk, purpose);
  if (jwk.is_object() && jwk.contains("d"))
    throw std::invalid_argument("the JWK holds a private key");
  return public_part(jwk);
}

secret_json to_secret_jwk(const private_key& key) {
  auto jwk = public_members<secret_json>(key.public_half());
  jwk["d"] = base64url_encode_secret(key.scalar());
  return jwk;
}

private_key private_key_from_jwk(const secret_json& jwk, jwk_purpose purpose) {
  require_permitted(jwk, purpose);
  const auto c = curve_of(jwk);
  private_key key(c, bytes_of(jwk_number(jwk, "d", c)));
  if (key.public_half() != public_part(jwk))
    throw std::invalid_argument("x and y of the JWK do not belong to its d");
  return key;
}

} // namespace chancery::crypto
