// SPDX-License-Identifier: Apache-2.0
#pragma once

// Views of the same octets under the type that a library wants: std::byte in
// our interfaces, uint8_t in Botan and OpenSSL, char in text. Nothing is
// copied.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace chancery::crypto {

inline std::span<const std::byte> bytes_of(std::string_view text) noexcept {
  return std::as_bytes(std::span(text.data(), text.size()));
}

template <std::size_t N>
const std::uint8_t* octets(std::span<const std::byte, N> data) noexcept {
  return reinterpret_cast<const std::uint8_t*>(data.data());
}

template <std::size_t N>
std::uint8_t* octets(std::span<std::byte, N> data) noexcept {
  return reinterpret_cast<std::uint8_t*>(data.data());
}

inline std::string_view text_of(std::span<const std::byte> data) noexcept {
  return {reinterpret_cast<const char*>(data.data()), data.size()};
}

} // namespace chancery::crypto
