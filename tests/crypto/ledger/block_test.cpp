// SPDX-License-Identifier: Apache-2.0
#include "crypto/base/hash.hpp"
#include "crypto/ledger/block.hpp"
#include "tests/crypto/fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

BOOST_AUTO_TEST_SUITE(block_test)

using namespace chancery::crypto;
using namespace chancery::crypto::test;

namespace {

/// All fields differ from each other, and so do the bytes within a field.
block_header header_of_tests() {
  block_header header;
  header.index = 0x0102030405060708;
  header.first_message = 0x1112131415161718;
  header.count = 0x0000a1b2;
  header.time_ms = 0x3132333435363738;
  std::uint8_t next = 0x40;
  for (auto* field : {&header.previous, &header.root, &header.node})
    for (auto& byte : *field)
      byte = next++;
  return header;
}

/// The table of block.hpp, field by field.
const char* const drawn = "93 6368616e63657279 20 626c6f636b 0a"
                          "00000001"
                          "0102030405060708"
                          "404142434445464748494a4b4c4d4e4f"
                          "505152535455565758595a5b5c5d5e5f"
                          "606162636465666768696a6b6c6d6e6f"
                          "707172737475767778797a7b7c7d7e7f"
                          "1112131415161718"
                          "0000a1b2"
                          "3132333435363738"
                          "808182838485868788898a8b8c8d8e8f"
                          "909192939495969798999a9b9c9d9e9f";

std::vector<std::byte> bytes_of_tests() {
  const auto bytes = encode(header_of_tests());
  return {bytes.begin(), bytes.end()};
}

/// The header with another count (big endian at offset 100).
std::vector<std::byte> with_count(std::uint32_t count) {
  auto bytes = bytes_of_tests();
  for (std::size_t i = 0; i < 4; ++i)
    bytes[100 + i] = static_cast<std::byte>(count >> (24 - 8 * i));
  return bytes;
}

} // namespace

BOOST_AUTO_TEST_CASE(a_header_is_written_as_it_is_drawn) {
  const auto expected = from_hex(drawn);
  BOOST_REQUIRE(expected.size() == block_header_size);
  BOOST_TEST(to_hex(encode(header_of_tests())) == to_hex(expected));
}

BOOST_AUTO_TEST_CASE(a_header_comes_back_as_it_was) {
  for (auto header : {header_of_tests(), block_header{.count = 1}}) {
    for (const std::uint32_t count : {1u, 100u, block_size_max}) {
      header.count = count;
      const auto back = decode_block_header(encode(header));
      BOOST_REQUIRE(back.has_value());
      BOOST_TEST((*back == header));
    }
  }
}

BOOST_AUTO_TEST_CASE(each_bit_behind_magic_and_version_is_part_of_a_header) {
  const auto header = header_of_tests();
  for (std::size_t bit = 8 * 20; bit < 8 * block_header_size; ++bit) {
    auto bytes = bytes_of_tests();
    bytes[bit / 8] ^= std::byte{1} << (bit % 8);
    const auto back = decode_block_header(bytes);
    if (!back) // its count is over the limit
      BOOST_TEST((bit / 8 >= 100 && bit / 8 < 102));
    else
      BOOST_TEST((*back != header && std::ranges::equal(encode(*back), bytes)));
  }
}

BOOST_AUTO_TEST_CASE(every_other_size_is_refused) {
  auto bytes = bytes_of_tests();
  for (std::size_t size = 0; size < bytes.size(); ++size)
    BOOST_TEST(!decode_block_header(std::span(bytes).first(size)));
  bytes.push_back(std::byte{0});
  BOOST_TEST(!decode_block_header(bytes));
  bytes.resize(2 * block_header_size);
  BOOST_TEST(!decode_block_header(bytes));
}

BOOST_AUTO_TEST_CASE(every_other_magic_and_version_is_refused) {
  for (std::size_t at = 0; at < 20; ++at)
    for (unsigned value = 0; value < 256; ++value) {
      auto bytes = bytes_of_tests();
      const bool changed = bytes[at] != std::byte(value);
      bytes[at] = std::byte(value);
      BOOST_TEST(decode_block_header(bytes).has_value() == !changed);
    }
}

BOOST_AUTO_TEST_CASE(a_block_holds_at_least_one_message_and_at_most_the_limit) {
  BOOST_TEST(!decode_block_header(with_count(0)));
  BOOST_TEST(decode_block_header(with_count(1)).has_value());
  BOOST_TEST(decode_block_header(with_count(65'536)).has_value());
  BOOST_TEST(!decode_block_header(with_count(65'537)));
  BOOST_TEST(!decode_block_header(with_count(UINT32_MAX)));
}

BOOST_AUTO_TEST_CASE(the_hash_is_sha_256_of_the_header) {
  BOOST_TEST(block_hash(bytes_of_tests()) == sha256(from_hex(drawn)));
}

// RFC 7515 3.1: a JWS begins with base64url, which is ASCII.
BOOST_AUTO_TEST_CASE(no_header_begins_like_a_jws) {
  BOOST_TEST(std::to_integer<int>(bytes_of_tests().front()) > 0x7f);
}

BOOST_AUTO_TEST_SUITE_END()
