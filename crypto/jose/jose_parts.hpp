// SPDX-License-Identifier: Apache-2.0
#pragma once

// What reading a JWS and reading a JWE have in common: parts between dots, a
// JSON header in front, and members of which none may be missing, unknown or of
// another type. For the .cpp files of this folder. Pure functions; any thread
// may call them.

#include <nlohmann/json_fwd.hpp>

#include <array>
#include <cstddef>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

namespace chancery::crypto {

/// Bytes of a header's JSON text. Ours have under 350.
inline constexpr std::size_t header_size_max = 1024;

/// Exactly N parts between N - 1 dots, which may be empty; nothing otherwise.
template <std::size_t N>
std::optional<std::array<std::string_view, N>>
split_compact(std::string_view text) noexcept {
  std::array<std::string_view, N> parts;
  for (std::size_t i = 0; i < N; ++i) {
    const auto dot = text.find('.');
    const bool last = i + 1 == N;
    if (last != (dot == std::string_view::npos))
      return std::nullopt;
    parts[i] = text.substr(0, dot);
    text.remove_prefix(last ? text.size() : dot + 1);
  }
  return parts;
}

/// A header part, decoded and read. Throws std::invalid_argument with a
/// sentence that quotes nothing.
nlohmann::json parse_jose_header(std::string_view part);

/// Whether `json` is an object that has each of `required`, perhaps some of
/// `optional`, and nothing else.
bool has_members(const nlohmann::json& json,
                 std::initializer_list<std::string_view> required,
                 std::initializer_list<std::string_view> optional = {});

/// Nothing when there is no such member or its value is no text.
std::optional<std::string_view> text_member(const nlohmann::json& object,
                                            const char* name);

/// A text member that is base64url of `size` bytes, decoded.
std::optional<std::string> octets_member(const nlohmann::json& object,
                                         const char* name, std::size_t size);

} // namespace chancery::crypto
