// SPDX-License-Identifier: Apache-2.0
#pragma once

// What reading a JWS and reading a JWE have in common: parts between dots, and
// a JSON header in front. For the .cpp files of this folder. Pure functions;
// any thread may call them.

#include <nlohmann/json_fwd.hpp>

#include <array>
#include <cstddef>
#include <optional>
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

} // namespace chancery::crypto
