// SPDX-License-Identifier: Apache-2.0
#include "apps/http/http_message.hpp"

#include "crypto/base/utf8.hpp"

#include <algorithm>
#include <cstdint>

namespace chancery::apps {

namespace {

int hex_digit(char c) noexcept {
  if (c >= '0' && c <= '9')
    return c - '0';
  if (c >= 'a' && c <= 'f')
    return c - 'a' + 10;
  if (c >= 'A' && c <= 'F')
    return c - 'A' + 10;
  return -1;
}

bool is_control(char c) noexcept {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

bool is_plain_utf8(std::string_view text) noexcept {
  while (!text.empty()) {
    const auto size = crypto::utf8_size(text);
    if (size == 0 || is_control(text.front()))
      return false;
    text.remove_prefix(size);
  }
  return true;
}

/// Undoes percent-encoding (RFC 3986 2.1) and, in a query, the plus sign of
/// application/x-www-form-urlencoded.
std::optional<std::string> decode(std::string_view text, bool query) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      decoded += query && text[i] == '+' ? ' ' : text[i];
      continue;
    }
    if (i + 2 >= text.size())
      return std::nullopt;
    const int high = hex_digit(text[i + 1]);
    const int low = hex_digit(text[i + 2]);
    if (high < 0 || low < 0)
      return std::nullopt;
    decoded += static_cast<char>(high * 16 + low);
    i += 2;
  }
  if (!is_plain_utf8(decoded))
    return std::nullopt;
  return decoded;
}

/// Removes from `rest` the text before the first `mark`, and the mark.
std::string_view cut(std::string_view& rest, char mark) noexcept {
  const auto part = rest.substr(0, rest.find(mark));
  rest.remove_prefix(std::min(part.size() + 1, rest.size()));
  return part;
}

bool take_segments(std::string_view path, http_target& target) {
  for (bool more = true; more;) {
    more = path.find('/') != std::string_view::npos;
    auto segment = decode(cut(path, '/'), false);
    if (!segment)
      return false;
    target.segments.push_back(std::move(*segment));
  }
  return true;
}

bool take_parameters(std::string_view query, http_target& target) {
  while (!query.empty()) {
    auto value_text = cut(query, '&');
    if (value_text.empty())
      continue;
    const auto name_text = cut(value_text, '=');
    auto name = decode(name_text, true);
    auto value = decode(value_text, true);
    if (!name || !value)
      return false;
    target.parameters.emplace_back(std::move(*name), std::move(*value));
  }
  return true;
}

/// Blanks and fragments do not occur in a target. Other characters that RFC
/// 3986 wants encoded ("|", for example) do, as browsers send them.
bool may_stand_in_target(char c) noexcept {
  return !is_control(c) && c != ' ' && c != '#';
}

} // namespace

std::optional<std::string_view> http_target::find(std::string_view name) const {
  for (const auto& [own, value] : parameters)
    if (own == name)
      return value;
  return std::nullopt;
}

std::optional<http_target> http_target::parse(std::string_view text) {
  if (text.empty() || text.front() != '/' ||
      !std::all_of(text.begin(), text.end(), may_stand_in_target))
    return std::nullopt;
  std::string_view query = text.substr(1);
  const auto path = cut(query, '?');
  http_target target;
  if (!take_segments(path, target) || !take_parameters(query, target))
    return std::nullopt;
  return target;
}

} // namespace chancery::apps
