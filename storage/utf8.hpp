// SPDX-License-Identifier: Apache-2.0
#pragma once

// Characters of UTF-8 (RFC 3629 4): no surrogates, no longer forms. Pure
// function; any thread. Internal to storage.

#include <cstddef>
#include <string_view>

namespace chancery::storage {

struct utf8_character {
  std::size_t size = 0; ///< bytes; 0 when the text is malformed
  char32_t code = 0;
};

/// The character at the front of `text`, which is not empty.
utf8_character utf8_front(std::string_view text) noexcept;

/// C0, DEL and C1.
constexpr bool is_control(char32_t code) noexcept {
  return code < 0x20 || (code >= 0x7f && code < 0xa0);
}

} // namespace chancery::storage
