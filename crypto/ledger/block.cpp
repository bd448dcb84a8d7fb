// SPDX-License-Identifier: Apache-2.0
#include "crypto/ledger/block.hpp"

#include "crypto/base/hash.hpp"

#include <algorithm>

namespace chancery::crypto {

namespace {

constexpr std::array<char, 16> magic{'\x93', 'c', 'h', 'a', 'n', 'c',
                                     'e',    'r', 'y', ' ', 'b', 'l',
                                     'o',    'c', 'k', '\n'};
constexpr std::uint32_t version = 1;

// The writer and the reader of fields in the order of the table in block.hpp.
class field_writer {
 public:
  explicit field_writer(block_header_bytes& out) : at_(out.begin()) {}

  template <class Integer>
  void number(Integer value) {
    for (std::size_t i = sizeof(Integer); i-- > 0;)
      *at_++ = static_cast<std::byte>(value >> (8 * i) & 0xff);
  }

  void bytes(std::span<const std::byte> field) {
    at_ = std::copy(field.begin(), field.end(), at_);
  }

 private:
  block_header_bytes::iterator at_;
};

class field_reader {
 public:
  explicit field_reader(std::span<const std::byte> in) : at_(in.begin()) {}

  template <class Integer>
  Integer number() {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < sizeof(Integer); ++i)
      value = value << 8 | std::to_integer<std::uint64_t>(*at_++);
    return static_cast<Integer>(value);
  }

  void bytes(std::span<std::byte> field) {
    std::copy_n(at_, field.size(), field.begin());
    at_ += static_cast<std::ptrdiff_t>(field.size());
  }

 private:
  std::span<const std::byte>::iterator at_;
};

} // namespace

block_header_bytes encode(const block_header& header) {
  block_header_bytes bytes;
  field_writer out(bytes);
  out.bytes(std::as_bytes(std::span(magic)));
  out.number(version);
  out.number(header.index);
  out.bytes(std::as_bytes(std::span(header.previous)));
  out.bytes(std::as_bytes(std::span(header.root)));
  out.number(header.first_message);
  out.number(header.count);
  out.number(header.time_ms);
  out.bytes(std::as_bytes(std::span(header.node)));
  return bytes;
}

std::optional<block_header>
decode_block_header(std::span<const std::byte> bytes) noexcept {
  if (bytes.size() != block_header_size)
    return std::nullopt;
  const auto mark = std::as_bytes(std::span(magic));
  if (!std::equal(mark.begin(), mark.end(), bytes.begin()))
    return std::nullopt;
  field_reader in(bytes.subspan(mark.size()));
  if (in.number<std::uint32_t>() != version)
    return std::nullopt;
  block_header header;
  header.index = in.number<std::uint64_t>();
  in.bytes(std::as_writable_bytes(std::span(header.previous)));
  in.bytes(std::as_writable_bytes(std::span(header.root)));
  header.first_message = in.number<std::uint64_t>();
  header.count = in.number<std::uint32_t>();
  header.time_ms = in.number<std::uint64_t>();
  in.bytes(std::as_writable_bytes(std::span(header.node)));
  if (header.count == 0 || header.count > block_size_max)
    return std::nullopt;
  return header;
}

hash_bytes block_hash(std::span<const std::byte> header) {
  return sha256(header);
}

} // namespace chancery::crypto
