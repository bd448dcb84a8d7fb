// SPDX-License-Identifier: Apache-2.0
#pragma once

// Members of JSON objects, for all readers: a member that is missing and one of
// another type give the same result, nothing. For nlohmann's types and for
// secret_json. A value that is not an object has no members. A text is a view
// into the value. Pure functions; any thread may call them.

#include "crypto/base/base64url.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace chancery::crypto {

/// The member; null when it is missing.
template <class Json>
const Json* find_member(const Json& object, const char* name) {
  if (!object.is_object())
    return nullptr;
  const auto at = object.find(name);
  return at == object.end() ? nullptr : &*at;
}

template <class Json>
std::optional<std::string_view> text_member(const Json& object,
                                            const char* name) {
  const auto* member = find_member(object, name);
  if (member == nullptr || !member->is_string())
    return std::nullopt;
  return member->template get_ref<const typename Json::string_t&>();
}

/// An integer from 0 to 2^64 - 1, written without fraction and exponent.
template <class Json>
std::optional<std::uint64_t> number_member(const Json& object,
                                           const char* name) {
  const auto* member = find_member(object, name);
  if (member == nullptr || !member->is_number_unsigned())
    return std::nullopt;
  return member->template get<std::uint64_t>();
}

/// The decoded value of a member that is base64url of `size` bytes. Not for
/// secrets: the copy is not wiped.
template <class Json>
std::optional<std::string> octets_member(const Json& object, const char* name,
                                         std::size_t size) {
  const auto text = text_member(object, name);
  auto bytes = text ? base64url_decode(*text) : std::nullopt;
  if (!bytes || bytes->size() != size)
    return std::nullopt;
  return bytes;
}

/// The same, into memory of that size. False when it is something else.
template <class Json>
bool read_octets_member(const Json& object, const char* name,
                        std::span<std::byte> octets) {
  const auto text = text_member(object, name);
  return text && base64url_decode(*text, octets);
}

/// Whether `json` is an object that has each of `required`, any of `optional`,
/// and nothing else.
template <class Json>
bool has_members(const Json& json,
                 std::initializer_list<std::string_view> required,
                 std::initializer_list<std::string_view> optional = {}) {
  if (!json.is_object())
    return false;
  std::size_t found = 0;
  for (const auto& member : json.items()) {
    const std::string_view name = member.key();
    if (std::ranges::find(required, name) != required.end())
      ++found;
    else if (std::ranges::find(optional, name) == optional.end())
      return false;
  }
  return found == required.size();
}

} // namespace chancery::crypto
