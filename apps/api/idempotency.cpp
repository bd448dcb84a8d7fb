// SPDX-License-Identifier: Apache-2.0
#include "apps/api/idempotency.hpp"

#include "apps/api/problem.hpp"
#include "crypto/base/bytes.hpp"
#include "crypto/base/hash.hpp"

#include <algorithm>
#include <string>
#include <string_view>

namespace chancery::apps {

namespace {

constexpr std::string_view field_name = "Idempotency-Key";
constexpr std::size_t key_min = 8;
constexpr std::size_t key_max = 255;

/// What stands in quotes, without its escapes. Nothing when it is no string.
std::optional<std::string> unquoted(std::string_view text) {
  if (text.size() < 2 || !text.ends_with('"'))
    return std::nullopt;
  text = text.substr(1, text.size() - 2);
  std::string key;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"')
      return std::nullopt;
    if (text[i] == '\\' &&
        (++i == text.size() || (text[i] != '"' && text[i] != '\\')))
      return std::nullopt;
    key += text[i];
  }
  return key;
}

std::optional<std::string> key_in(std::string_view field) {
  const auto text = without_blanks(field);
  auto key = text.starts_with('"') ? unquoted(text) : std::string(text);
  const bool good =
      key && key->size() >= key_min && key->size() <= key_max &&
      std::ranges::all_of(*key, [](char c) { return c > 0x20 && c < 0x7f; });
  return good ? key : std::nullopt;
}

/// The body's hash has a fixed size, and no other part can have a NUL.
std::array<std::uint8_t, 32> fingerprint_of(const api_request& request) {
  const auto body = crypto::sha256(crypto::bytes_of(request.http.body));
  std::string parts(body.begin(), body.end());
  for (const std::string_view part :
       {std::string_view(request.http.method),
        std::string_view(request.http.text), std::string_view(request.type)}) {
    parts += part;
    parts += '\0';
  }
  return crypto::sha256(crypto::bytes_of(parts));
}

} // namespace

std::optional<actors::request_mark>
request_mark_of(const api_request& request) {
  const auto is_key = [](const http_field& field) {
    return same_without_case(field.name, field_name);
  };
  const auto& fields = request.http.fields;
  const auto count = std::ranges::count_if(fields, is_key);
  if (count == 0)
    return std::nullopt;
  const auto key = key_in(std::ranges::find_if(fields, is_key)->value);
  if (count > 1 || !key)
    throw problem("bad_parameter",
                  "the field Idempotency-Key is not one key of 8 to 255 "
                  "visible ASCII characters");
  const auto owner = request.caller ? request.caller->name : std::string();
  return actors::request_mark{.key = owner + '\0' + *key,
                              .fingerprint = fingerprint_of(request)};
}

} // namespace chancery::apps
