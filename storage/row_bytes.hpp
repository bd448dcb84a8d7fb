// SPDX-License-Identifier: Apache-2.0
#pragma once

// Writes and reads the bytes of rows and events: numbers are big endian. Pure
// functions on std types. Internal to storage.

#include "storage/big_endian.hpp"
#include "storage/errors.hpp"

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace chancery::storage {

/// Appends numbers, big endian, and bytes.
class row_writer {
 public:
  /// Most rows fit without asking for memory again.
  row_writer() { out_.reserve(64); }

  template <std::unsigned_integral T>
  row_writer& number(T value) {
    append_big_endian(out_, value);
    return *this;
  }

  row_writer& flag(bool value) { return number<std::uint8_t>(value ? 1 : 0); }

  template <std::size_t N>
  row_writer& bytes(const std::array<std::uint8_t, N>& value) {
    out_.append(value.begin(), value.end());
    return *this;
  }

  row_writer& text(std::string_view value) {
    out_ += value;
    return *this;
  }

  std::string take() { return std::move(out_); }

 private:
  std::string out_;
};

/// Reads them back. Throws storage::corrupt for bytes that do not fit.
class row_reader {
 public:
  row_reader(std::span<const std::byte> bytes, const char* what)
      : rest_(bytes), what_(what) {}

  template <std::unsigned_integral T>
  T number() {
    return from_big_endian<T>(take(sizeof(T)));
  }

  bool flag() {
    const auto value = number<std::uint8_t>();
    if (value > 1)
      fail("a flag that is neither 0 nor 1");
    return value == 1;
  }

  template <std::size_t N>
  std::array<std::uint8_t, N> bytes() {
    std::array<std::uint8_t, N> out{};
    std::ranges::transform(take(N), out.begin(), [](std::byte b) {
      return std::to_integer<std::uint8_t>(b);
    });
    return out;
  }

  /// The next `n` bytes, where they lie.
  std::span<const std::byte> raw(std::size_t n) { return take(n); }

  /// The next `n` bytes.
  std::string text(std::size_t n) {
    const auto all = take(n);
    return {reinterpret_cast<const char*>(all.data()), all.size()};
  }

  /// All bytes that are left.
  std::string text() { return text(rest_.size()); }

  bool at_end() const { return rest_.empty(); }

  void end() const {
    if (!at_end())
      fail("bytes after its end");
  }

  [[noreturn]] void fail(const char* why) const {
    throw corrupt(std::string(what_) + " has " + why +
                  ": the database is damaged, restore it from a backup");
  }

 private:
  std::span<const std::byte> take(std::size_t n) {
    if (rest_.size() < n)
      fail("too few bytes");
    const auto out = rest_.first(n);
    rest_ = rest_.subspan(n);
    return out;
  }

  std::span<const std::byte> rest_;
  const char* what_;
};

} // namespace chancery::storage
