// SPDX-License-Identifier: Apache-2.0
#include "crypto/jose/jose_parts.hpp"

#include "crypto/base/base64url.hpp"
#include "crypto/jose/strict_json.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
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

bool has_members(const nlohmann::json& json,
                 std::initializer_list<std::string_view> required,
                 std::initializer_list<std::string_view> optional) {
  if (!json.is_object())
    return false;
  std::size_t found = 0;
  for (const auto& member : json.items()) {
    const auto is_name = [&](std::string_view n) { return n == member.key(); };
    if (std::any_of(required.begin(), required.end(), is_name))
      ++found;
    else if (std::none_of(optional.begin(), optional.end(), is_name))
      return false;
  }
  return found == required.size();
}

std::optional<std::string_view> text_member(const nlohmann::json& object,
                                            const char* name) {
  const auto at = object.find(name);
  if (at == object.end() || !at->is_string())
    return std::nullopt;
  return at->get_ref<const std::string&>();
}

std::optional<std::string> octets_member(const nlohmann::json& object,
                                         const char* name, std::size_t size) {
  const auto text = text_member(object, name);
  if (!text)
    return std::nullopt;
  auto bytes = base64url_decode(*text);
  if (!bytes || bytes->size() != size)
    return std::nullopt;
  return bytes;
}

} // namespace chancery::crypto
