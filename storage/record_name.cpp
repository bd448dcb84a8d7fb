// SPDX-License-Identifier: Apache-2.0
#include "storage/record_name.hpp"

#include "storage/utf8.hpp"

#include <algorithm>
#include <array>

namespace chancery::storage {

namespace {

struct code_range {
  char32_t first;
  char32_t last;
};

// Unicode's DerivedCoreProperties.txt, Default_Ignorable_Code_Point; and the
// two line ends that are no control characters.
constexpr std::array<code_range, 18> invisible{{{0xad, 0xad},
                                                {0x34f, 0x34f},
                                                {0x61c, 0x61c},
                                                {0x115f, 0x1160},
                                                {0x17b4, 0x17b5},
                                                {0x180b, 0x180f},
                                                {0x200b, 0x200f},
                                                {0x2028, 0x2029},
                                                {0x202a, 0x202e},
                                                {0x2060, 0x206f},
                                                {0x3164, 0x3164},
                                                {0xfe00, 0xfe0f},
                                                {0xfeff, 0xfeff},
                                                {0xffa0, 0xffa0},
                                                {0xfff0, 0xfff8},
                                                {0x1bca0, 0x1bca3},
                                                {0x1d173, 0x1d17a},
                                                {0xe0000, 0xe0fff}}};

bool is_invisible(char32_t code) {
  const auto range =
      std::ranges::lower_bound(invisible, code, {}, &code_range::last);
  return range != invisible.end() && code >= range->first;
}

/// White_Space, but for controls and line ends.
bool is_blank(char32_t code) {
  return code == 0x20 || code == 0xa0 || code == 0x1680 ||
         (code >= 0x2000 && code <= 0x200a) || code == 0x202f ||
         code == 0x205f || code == 0x3000;
}

} // namespace

std::string_view name_fault(std::string_view text) noexcept {
  if (text.empty())
    return "is empty";
  if (text.size() > record_name_max)
    return "is longer than 255 bytes";
  const bool blank_first = is_blank(utf8_front(text).code);
  char32_t last = 0;
  while (!text.empty()) {
    const auto [size, code] = utf8_front(text);
    if (size == 0)
      return "is not UTF-8";
    if (is_control(code))
      return "has a control character";
    if (is_invisible(code))
      return "has an invisible character";
    last = code;
    text.remove_prefix(size);
  }
  return blank_first || is_blank(last) ? "begins or ends with a blank" : "";
}

} // namespace chancery::storage
