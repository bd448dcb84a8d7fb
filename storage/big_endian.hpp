// SPDX-License-Identifier: Apache-2.0
#pragma once

// Big-endian integers in byte strings: LMDB's byte order is then numeric order.

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace chancery::storage {

template <std::unsigned_integral T>
std::array<char, sizeof(T)> to_big_endian(T value) {
  std::array<char, sizeof(T)> out{};
  for (std::size_t i = 0; i < sizeof(T); ++i)
    out[i] = static_cast<char>(value >> (8 * (sizeof(T) - 1 - i)) & 0xff);
  return out;
}

/// `bytes` must have at least sizeof(T) bytes.
template <std::unsigned_integral T>
T from_big_endian(std::span<const std::byte> bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < sizeof(T); ++i)
    value = value << 8 | std::to_integer<std::uint64_t>(bytes[i]);
  return static_cast<T>(value);
}

template <std::unsigned_integral T>
void append_big_endian(std::string& out, T value) {
  const auto bytes = to_big_endian(value);
  out.append(bytes.data(), bytes.size());
}

} // namespace chancery::storage
