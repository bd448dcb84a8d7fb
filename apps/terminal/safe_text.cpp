// SPDX-License-Identifier: Apache-2.0
#include "apps/terminal/safe_text.hpp"

#include <algorithm>
#include <boost/locale/utf.hpp>
#include <fmt/format.h>
#include <iterator>

namespace chancery::apps {

namespace {

namespace utf = boost::locale::utf;

struct character_range {
  utf::code_point first;
  utf::code_point last;
};

constexpr character_range controls[] = {
    {0x00, 0x1f},       // C0
    {0x7f, 0x9f},       // DEL, C1
    {0xad, 0xad},       // soft hyphen
    {0x61c, 0x61c},     // Arabic letter mark
    {0x180e, 0x180e},   // Mongolian vowel separator
    {0x200b, 0x200f},   // zero-width characters, left-to-right mark, ...
    {0x2028, 0x202e},   // line and paragraph separators, embeddings, overrides
    {0x2060, 0x206f},   // word joiner, isolates, deprecated format characters
    {0xfeff, 0xfeff},   // byte order mark
    {0xfff9, 0xfffb},   // interlinear annotations
    {0xe0000, 0xe007f}, // tags
};

bool is_control(utf::code_point c) {
  return std::ranges::any_of(controls, [c](const character_range& r) {
    return r.first <= c && c <= r.last;
  });
}

/// Copies the text. `control` and `other` append what stands for a control and
/// for a byte that is not UTF-8.
template <class Control, class Other>
std::string copied(std::string_view text, const Control& control,
                   const Other& other) {
  std::string copy;
  copy.reserve(text.size());
  for (auto at = text.begin(); at != text.end();) {
    const auto begin = at;
    const auto c = utf::utf_traits<char>::decode(at, text.end());
    if (c == utf::illegal || c == utf::incomplete) {
      at = std::next(begin);
      other(copy);
    } else if (is_control(c)) {
      control(copy, c);
    } else {
      copy.append(begin, at);
    }
  }
  return copy;
}

void question_mark(std::string& copy) { copy += '?'; }

} // namespace

std::string one_line(std::string_view text) {
  while (text.ends_with('\n'))
    text.remove_suffix(1);
  return copied(
      text, [](std::string& copy, utf::code_point) { copy += ' '; },
      question_mark);
}

std::string safe_lines(std::string_view text) {
  return copied(
      text,
      [](std::string& copy, utf::code_point c) {
        copy += c == '\n' || c == '\t' ? static_cast<char>(c) : ' ';
      },
      question_mark);
}

std::string safe_json(std::string_view json) {
  // Outside of strings JSON is printable ASCII and four kinds of white space.
  return copied(
      json,
      [](std::string& copy, utf::code_point c) {
        constexpr utf::code_point planes = 0x10000;
        if (c == '\n' || c == '\r' || c == '\t')
          copy += static_cast<char>(c);
        else if (c < planes)
          copy += fmt::format("\\u{:04x}", c);
        else
          copy +=
              fmt::format("\\u{:04x}\\u{:04x}", 0xd800 + ((c - planes) >> 10),
                          0xdc00 + ((c - planes) & 0x3ff));
      },
      question_mark);
}

} // namespace chancery::apps
