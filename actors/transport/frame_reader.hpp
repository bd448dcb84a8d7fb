// SPDX-License-Identifier: Apache-2.0
#pragma once

// Reads what CAF 0.17's binary serializer writes: numbers in big endian,
// strings and lists after their length (a varint: seven bits a byte, least
// significant first). A read past the end, or of a length above the caller's
// limit, makes the reader bad; later reads return nothing. Allocates nothing.

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

namespace chancery::actors {

class frame_reader {
 public:
  explicit frame_reader(std::span<const std::byte> bytes) : bytes_(bytes) {}

  bool good() const noexcept { return good_; }

  /// All bytes have been read, without an error.
  bool at_end() const noexcept { return good_ && bytes_.empty(); }

  std::span<const std::byte> take(std::size_t count) {
    if (!good_ || count > bytes_.size()) {
      good_ = false;
      return {};
    }
    const auto taken = bytes_.first(count);
    bytes_ = bytes_.subspan(count);
    return taken;
  }

  template <class Unsigned>
  Unsigned number() {
    std::uint64_t value = 0;
    for (const auto byte : take(sizeof(Unsigned)))
      value = value << 8 | std::to_integer<std::uint64_t>(byte);
    return static_cast<Unsigned>(value);
  }

  std::size_t length(std::size_t most) {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 35; shift += 7) {
      const auto low = number<std::uint8_t>();
      value |= std::uint64_t{low & 0x7fu} << shift;
      if ((low & 0x80u) == 0) {
        good_ = good_ && value <= most;
        return good_ ? static_cast<std::size_t>(value) : 0;
      }
    }
    good_ = false;
    return 0;
  }

  std::string_view text(std::size_t most) {
    const auto taken = take(length(most));
    return {reinterpret_cast<const char*>(taken.data()), taken.size()};
  }

 private:
  std::span<const std::byte> bytes_;
  bool good_ = true;
};

} // namespace chancery::actors
