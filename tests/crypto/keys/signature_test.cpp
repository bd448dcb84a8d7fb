// SPDX-License-Identifier: Apache-2.0
#include "crypto/keys/signature.hpp"

#include "tests/crypto/fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <optional>
#include <stdexcept>

BOOST_AUTO_TEST_SUITE(signature_test)

using namespace chancery::crypto;
using namespace chancery::crypto::test;

namespace {

std::optional<std::string> raw_of(curve c, std::span<const std::byte> der) {
  std::vector<std::byte> raw(signature_size(c));
  if (!der_to_raw(c, der, raw))
    return std::nullopt;
  return to_hex(raw);
}

/// 32 bytes in hexadecimal that end in `tail`.
std::string number(const std::string& tail) {
  return std::string(64 - tail.size(), '0') + tail;
}

} // namespace

BOOST_AUTO_TEST_CASE(integers_get_their_shortest_der) {
  const auto der = [](const std::string& r, const std::string& s) {
    return to_hex(
        bytes(raw_to_der(curve::p256, from_hex(number(r) + number(s)))));
  };
  BOOST_TEST(der("01", "02") == "3006020101020102");
  BOOST_TEST(der("7f", "80") == "300702017f02020080");
  BOOST_TEST(der("0100", "ff00") == "3009020201000203"
                                    "00ff00");
  const std::string high(64, 'f');
  BOOST_TEST(der(high, high) == "3046022100" + high + "022100" + high);
}

BOOST_AUTO_TEST_CASE(both_encodings_come_back) {
  const auto random = replayed_random(1);
  for (const auto c : {curve::p256, curve::p384})
    for (int i = 0; i < 500; ++i) {
      std::vector<std::byte> raw(signature_size(c));
      random(raw);
      // Numbers of many lengths, but never zero.
      for (int z = 0; z < i % 30; ++z)
        raw[static_cast<std::size_t>(z)] = std::byte{0};
      const auto der = raw_to_der(c, raw);
      BOOST_REQUIRE(raw_of(c, bytes(der)) == to_hex(raw));
    }
}

BOOST_AUTO_TEST_CASE(a_raw_signature_of_another_size_is_refused) {
  for (const std::size_t size : {0U, 63U, 65U, 96U}) {
    const std::vector<std::byte> raw(size, std::byte{1});
    BOOST_CHECK_THROW(raw_to_der(curve::p256, raw), std::invalid_argument);
  }
}

BOOST_AUTO_TEST_CASE(only_strict_der_is_read) {
  BOOST_TEST(raw_of(curve::p256, from_hex("3006020101020102")).has_value());
  const std::vector<const char*> wrong{
      "",                       // nothing
      "30",                     // no length
      "3000",                   // no integers
      "3006020101",             // cut short
      "300602010102010200",     // a trailing byte
      "3007020101020102",       // longer than its contents
      "300702010102010200",     // a byte after the second integer
      "308106020101020102",     // long form of a short length
      "3006020100020102",       // zero
      "3006020181020102",       // negative
      "300702020001020102",     // a needless leading zero
      "3006030101020102",       // not an INTEGER
      "3106020101020102",       // not a SEQUENCE
      "30060200020102",         // a first integer without octets
      "30050201010200",         // a second integer without octets
      "3003020101",             // one integer
      "3009020101020102020103", // three integers
      "3080020101020102"
      "0000", // BER's indefinite length
  };
  for (const auto* der : wrong)
    BOOST_TEST(!raw_of(curve::p256, from_hex(der)).has_value(), der);
}

BOOST_AUTO_TEST_CASE(an_integer_must_fit_the_field) {
  const std::string big = "01" + std::string(64, '0'); // 33 bytes
  const auto der = from_hex("3026"
                            "0221" +
                            big + "020101");
  BOOST_TEST(!raw_of(curve::p256, der).has_value());
  BOOST_TEST(raw_of(curve::p384, der).has_value());
}

BOOST_AUTO_TEST_CASE(a_small_buffer_is_not_overrun) {
  std::vector<std::byte> raw(63);
  BOOST_TEST(!der_to_raw(curve::p256, from_hex("3006020101020102"), raw));
}

BOOST_AUTO_TEST_SUITE_END()
