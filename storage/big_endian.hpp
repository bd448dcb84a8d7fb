// SPDX-License-Identifier: Apache-2.0
#pragma once

// Big-endian integers in byte strings: LMDB's byte order is then numeric order.

#include <array>
#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>

namespace chancery::storage {

/// Swaps the byte order on little-endian machines: one instruction, which the
/// compiler does not make of a loop over the bytes.
template <std::unsigned_integral T>
constexpr T big_endian(T value) {
  if constexpr (std::endian::native == std::endian::big || sizeof(T) == 1)
    return value;
  else if constexpr (sizeof(T) == 2)
    return __builtin_bswap16(value);
  else if constexpr (sizeof(T) == 4)
    return __builtin_bswap32(value);
  else
    return __builtin_bswap64(value);
}

template <std::unsigned_integral T>
std::array<char, sizeof(T)> to_big_endian(T value) {
  return std::bit_cast<std::array<char, sizeof(T)>>(big_endian(value));
}

/// `bytes` must have at least sizeof(T) bytes.
template <std::unsigned_integral T>
T from_big_endian(std::span<const std::byte> bytes) {
  T value;
  std::memcpy(&value, bytes.data(), sizeof(T));
  return big_endian(value);
}

template <std::unsigned_integral T>
void append_big_endian(std::string& out, T value) {
  const auto bytes = to_big_endian(value);
  out.append(bytes.data(), bytes.size());
}

} // namespace chancery::storage
