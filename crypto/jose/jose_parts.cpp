// SPDX-License-Identifier: Apache-2.0
#include "crypto/jose/jose_parts.hpp"

#include "crypto/base/base64url.hpp"
#include "crypto/jose/strict_json.hpp"

#include <nlohmann/json.hpp>

#include <stdexcept>

namespace chancery::crypto {

nlohmann::json parse_jose_header(std::string_view part) {
  if (part.size() > (header_size_max * 4 + 2) / 3)
    throw std::invalid_argument("its header is longer than 1024 bytes");
  const auto text = base64url_decode(part);
  if (!text)
    throw std::invalid_argument("its header is not base64url");
  try {
    return parse_strict_json(*text);
  } catch (const std::invalid_argument& e) {
    throw std::invalid_argument(std::string("its header is ") + e.what());
  }
}

} // namespace chancery::crypto
