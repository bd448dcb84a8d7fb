// SPDX-License-Identifier: Apache-2.0
#include "crypto/seals/jades_header.hpp"

#include "crypto/base/base64url.hpp"
#include "crypto/base/bytes.hpp"
#include "crypto/base/hash.hpp"

#include <botan/base64.h>
#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

namespace chancery::crypto {

namespace {

constexpr std::size_t content_type_max = 127;

/// RFC 6838 section 4.2.
bool is_restricted_name(std::string_view name) {
  const auto alphanumeric = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c >= '0' && c <= '9');
  };
  return !name.empty() && alphanumeric(name.front()) &&
         std::ranges::all_of(name, [&](char c) {
           return alphanumeric(c) || std::string_view("!#$&-^_.+").find(c) !=
                                         std::string_view::npos;
         });
}

std::string
beginning_of(curve c, std::string_view content_type,
             std::span<const std::span<const std::byte>> certificates) {
  if (certificates.empty())
    throw std::invalid_argument("a seal needs its certificate");
  auto text = fmt::format(R"({{"alg":"{}","typ":"chancery-record+jws",)",
                          jws_algorithm(c));
  if (!content_type.empty())
    text += fmt::format(R"("cty":"{}",)", content_type);
  const auto thumbprint = sha256(certificates.front());
  text += fmt::format(R"("x5t#S256":"{}","x5c":[)",
                      base64url_encode(std::as_bytes(std::span(thumbprint))));
  for (const auto der : certificates) {
    if (text.back() != '[')
      text += ',';
    text +=
        fmt::format(R"("{}")", Botan::base64_encode(octets(der), der.size()));
  }
  return text + R"(],"iat":)";
}

std::string in_base64url(std::string_view text) {
  return base64url_encode(bytes_of(text));
}

} // namespace

std::string jades_content_type(std::string_view media_type) {
  const auto slash = media_type.find('/');
  const auto subtype =
      media_type.substr(slash == std::string_view::npos ? 0 : slash + 1);
  if (media_type.size() > content_type_max || !is_restricted_name(subtype) ||
      (slash != std::string_view::npos &&
       !is_restricted_name(media_type.substr(0, slash))))
    throw std::invalid_argument(fmt::format(
        "a content type is a media type as application/json, or json in "
        "short, of up to {} characters",
        content_type_max));
  return std::string(media_type.starts_with("application/") ? subtype
                                                            : media_type);
}

jades_header::jades_header(
    curve c, std::string_view content_type,
    std::span<const std::span<const std::byte>> certificates)
    : constant_(beginning_of(c, content_type, certificates)),
      whole_(constant_.size() - constant_.size() % 3),
      beginning_(c,
                 in_base64url(std::string_view(constant_).substr(0, whole_))) {}

std::string jades_header::json(std::int64_t iat) const {
  return fmt::format("{}{}}}", constant_, iat);
}

std::string jades_header::encoded(std::int64_t iat) const {
  return in_base64url(json(iat));
}

hash_prefix jades_header::hashed(std::int64_t iat) const {
  return beginning_.then(
      in_base64url(std::string_view(json(iat)).substr(whole_)) + ".");
}

} // namespace chancery::crypto
