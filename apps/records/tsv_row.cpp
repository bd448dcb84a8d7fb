// SPDX-License-Identifier: Apache-2.0
#include "apps/records/tsv_row.hpp"

#include <algorithm>
#include <stdexcept>

namespace chancery::apps {

namespace {

/// The value of a digit; 16 or more when it is none.
unsigned digit(char c) {
  if (c >= '0' && c <= '9')
    return static_cast<unsigned>(c - '0');
  const char small = static_cast<char>(c | 0x20);
  return small >= 'a' && small <= 'f' ? static_cast<unsigned>(small - 'a' + 10)
                                      : 16;
}

/// Appends the byte that up to `most` digits of the base at `at` mean; moves
/// `at` behind them. PostgreSQL keeps the low eight bits.
void append_number(std::string_view text, std::size_t& at, unsigned base,
                   int most, std::string& out) {
  unsigned value = 0;
  for (; most > 0 && at < text.size() && digit(text[at]) < base; --most, ++at)
    value = value * base + digit(text[at]);
  out += static_cast<char>(value & 0xff);
}

/// Appends what stands behind a backslash at `at`; moves `at` behind it.
void append_escape(std::string_view text, std::size_t& at, std::string& out) {
  if (at == text.size())
    throw std::invalid_argument("has a backslash at the end of a field");
  const char c = text[at];
  constexpr std::string_view letters = "bfnrtv";
  constexpr std::string_view meanings = "\b\f\n\r\t\v";
  if (const auto found = letters.find(c); found != std::string_view::npos) {
    out += meanings[found];
    ++at;
  } else if (digit(c) < 8) {
    append_number(text, at, 8, 3, out);
  } else if (c == 'x' && at + 1 < text.size() && digit(text[at + 1]) < 16) {
    append_number(text, ++at, 16, 2, out);
  } else {
    out += c;
    ++at;
  }
}

void unescape(std::string_view text, std::string& out) {
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find('\\', at), text.size());
    out += text.substr(at, end - at);
    at = end + 1;
    if (end < text.size())
      append_escape(text, at, out);
  }
}

} // namespace

bool tsv_row::add_line(std::string_view line) {
  try {
    parse(line);
    return true;
  } catch (const std::invalid_argument&) {
    clear();
    throw;
  }
}

void tsv_row::parse(std::string_view line) {
  if (line.ends_with('\r'))
    line.remove_suffix(1);
  clear();
  bytes_ = line;
  for (std::size_t at = 0; at <= line.size();) {
    const auto end = std::min(line.find('\t', at), line.size());
    const auto text = line.substr(at, end - at);
    auto& field = new_field();
    field.null = text == "\\N";
    if (!field.null)
      unescape(text, field.text);
    at = end + 1;
  }
}

bool ends_tsv(std::string_view line) noexcept {
  return line == "\\." || line == "\\.\r";
}

} // namespace chancery::apps
