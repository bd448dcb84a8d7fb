// SPDX-License-Identifier: Apache-2.0
#include "crypto/ledger/block.hpp"

#include "crypto/base/big_endian.hpp"
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
  explicit field_writer(block_header_bytes& out) : at_(out.data()) {}

  template <class Integer>
  void number(Integer value) {
    at_ = put_big_endian(value, at_);
  }

  void bytes(std::span<const std::byte> field) {
    at_ = std::copy(field.begin(), field.end(), at_);
  }

 private:
  std::byte* at_;
};

class field_reader {
 public:
  explicit field_reader(std::span<const std::byte> in) : at_(in.data()) {}

  template <class Integer>
  Integer number() {
    Integer value = 0;
    at_ = get_big_endian(at_, value);
    return value;
  }

  void bytes(std::span<std::byte> field) {
    std::copy_n(at_, field.size(), field.begin());
    at_ += field.size();
  }

 private:
  const std::byte* at_;
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
