// SPDX-License-Identifier: Apache-2.0
#include "crypto/base64url.hpp"

#include <cstdint>

namespace chancery::crypto {

namespace {

// In both functions `(a - v) >> 8` is all ones exactly when v > a, so each
// line adds its constant only inside its range of the alphabet.

char character_of(int v) {
  int c = v + 'A';
  c += ((25 - v) >> 8) & ('a' - 'A' - 26);
  c += ((51 - v) >> 8) & ('0' - 'a' - 26);
  c += ((61 - v) >> 8) & ('-' - '0' - 10);
  c += ((62 - v) >> 8) & ('_' - '-' - 1);
  return static_cast<char>(c);
}

/// -1 for a character outside the alphabet.
int value_of(char character) {
  const int c = static_cast<unsigned char>(character);
  const auto within = [c](int first, int last) {
    return ((first - 1 - c) & (c - last - 1)) >> 8;
  };
  int v = -1;
  v += within('A', 'Z') & (c - 'A' + 1);
  v += within('a', 'z') & (c - 'a' + 27);
  v += within('0', '9') & (c - '0' + 53);
  v += within('-', '-') & 63;
  v += within('_', '_') & 64;
  return v;
}

template <class String>
String encode(std::span<const std::byte> data) {
  String out;
  out.reserve((data.size() * 4 + 2) / 3);
  std::uint32_t held = 0;
  int bits = 0;
  for (const auto b : data) {
    held = (held << 8 | std::to_integer<std::uint32_t>(b)) & 0xffff;
    for (bits += 8; bits >= 6;) {
      bits -= 6;
      out.push_back(character_of(static_cast<int>(held >> bits & 63)));
    }
  }
  if (bits > 0)
    out.push_back(character_of(static_cast<int>(held << (6 - bits) & 63)));
  return out;
}

template <class String>
std::optional<String> decode(std::string_view text) {
  if (text.size() % 4 == 1)
    return std::nullopt;
  String out;
  out.reserve(text.size() * 3 / 4);
  std::uint32_t held = 0;
  int bits = 0;
  int bad = 0;
  for (const auto c : text) {
    const int v = value_of(c);
    bad |= v;
    held = (held << 6 | static_cast<std::uint32_t>(v & 63)) & 0x3fff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      out.push_back(static_cast<char>(held >> bits & 0xff));
    }
  }
  const auto stray = held & ((1U << bits) - 1);
  if (bad < 0 || stray != 0)
    return std::nullopt;
  return out;
}

} // namespace

std::string base64url_encode(std::span<const std::byte> data) {
  return encode<std::string>(data);
}

std::optional<std::string> base64url_decode(std::string_view text) {
  return decode<std::string>(text);
}

secret_string base64url_encode_secret(std::span<const std::byte> data) {
  return encode<secret_string>(data);
}

std::optional<secret_string> base64url_decode_secret(std::string_view text) {
  return decode<secret_string>(text);
}

} // namespace chancery::crypto
