// SPDX-License-Identifier: Apache-2.0
#include "crypto/jose/jose_parts.hpp"

#include "crypto/base/base64url.hpp"
#include "crypto/jose/strict_json.hpp"

#include <nlohmann/json.hpp>

#include <stdexcept>
#include <utility>

namespace chancery::crypto {

namespace {

std::string header_text(std::string_view part) {
  if (part.size() > (header_size_max * 4 + 2) / 3)
    throw std::invalid_argument("its header is longer than 1024 bytes");
  auto text = base64url_decode(part);
  if (!text)
    throw std::invalid_argument("its header is not base64url");
  return *std::move(text);
}

/// What `read` finds in a header's text.
template <class Read>
auto header_in(std::string_view text, Read read) {
  try {
    return read(text);
  } catch (const std::invalid_argument& e) {
    throw std::invalid_argument(std::string("its header is ") + e.what());
  }
}

} // namespace

nlohmann::json parse_jose_header(std::string_view part) {
  return header_in(header_text(part), parse_strict_json);
}

jose_header::jose_header(std::string_view part)
    : text_(header_text(part)),
      json_(header_in(
          text_, [](std::string_view text) { return json_object(text); })) {}

} // namespace chancery::crypto
