// SPDX-License-Identifier: Apache-2.0
#include "storage/utf8.hpp"

#include <array>

namespace chancery::storage {

utf8_character utf8_front(std::string_view text) noexcept {
  const auto byte = [&](std::size_t i) -> char32_t {
    return static_cast<unsigned char>(text[i]);
  };
  const char32_t first = byte(0);
  if (first < 0x80)
    return {1, first};
  const std::size_t size = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || text.size() < size)
    return {};
  char32_t code = first & (0x7fu >> size);
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xc0) != 0x80)
      return {};
    code = code << 6 | (byte(i) & 0x3f);
  }
  constexpr std::array<char32_t, 5> least{0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = code >= 0xd800 && code < 0xe000;
  if (code < least[size] || code > 0x10ffff || surrogate)
    return {};
  return {size, code};
}

} // namespace chancery::storage
