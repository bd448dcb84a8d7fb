// SPDX-License-Identifier: Apache-2.0
#pragma once

// Shared by the readers of JWS and JWE: parts separated by dots, and a JSON
// header in the first part. For .cpp files of crypto/. Pure functions; any
// thread may call them.

#include "crypto/jose/json_object.hpp"

#include <nlohmann/json_fwd.hpp>

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace chancery::crypto {

/// Limit of a header's JSON text in bytes. Our own headers have under 350.
inline constexpr std::size_t header_size_max = 1024;

/// Splits a text with exactly N - 1 dots into N parts, which may be empty;
/// std::nullopt otherwise.
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

/// Decodes and parses a header. Throws std::invalid_argument, whose text quotes
/// nothing of the header.
nlohmann::json parse_jose_header(std::string_view part);

/// The same without a document, for headers that are read often.
class jose_header {
 public:
  /// Throws as parse_jose_header does.
  explicit jose_header(std::string_view part);
  jose_header(const jose_header&) = delete; // the members view the text
  jose_header& operator=(const jose_header&) = delete;

  const json_object& json() const noexcept { return json_; }

 private:
  std::string text_;
  json_object json_;
};

} // namespace chancery::crypto
