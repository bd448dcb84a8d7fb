// SPDX-License-Identifier: Apache-2.0
#pragma once

// Integers as octets, the most significant first. An octet is std::byte, char
// or uint8_t.

#include <concepts>
#include <cstddef>
#include <cstdint>

namespace chancery::crypto {

/// Writes sizeof(value) octets and returns where they end.
template <std::unsigned_integral T, class Octet>
Octet* put_big_endian(T value, Octet* out) {
  static_assert(sizeof(Octet) == 1);
  for (std::size_t i = sizeof(T); i-- > 0;)
    *out++ = static_cast<Octet>(value >> (8 * i) & 0xff);
  return out;
}

/// Reads sizeof(value) octets and returns where they end.
template <std::unsigned_integral T, class Octet>
const Octet* get_big_endian(const Octet* in, T& value) {
  static_assert(sizeof(Octet) == 1);
  std::uint64_t read = 0;
  for (std::size_t i = 0; i < sizeof(T); ++i)
    read = read << 8 | static_cast<std::uint8_t>(*in++);
  value = static_cast<T>(read);
  return in;
}

} // namespace chancery::crypto
