// SPDX-License-Identifier: Apache-2.0
#include "crypto/base/hash.hpp"

#include "crypto/base/base64url.hpp"
#include "crypto/base/sha256_many.hpp"
#include "tests/crypto/fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

BOOST_AUTO_TEST_SUITE(hash_test)

using namespace chancery::crypto;
using namespace chancery::crypto::test;

namespace {

// NIST's examples for FIPS 180-4: messages of one block and of two.
constexpr auto two_blocks_256 =
    "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
constexpr auto two_blocks_384 =
    "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmno"
    "ijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu";

std::string digest_of(record_hasher& hasher, std::string_view record) {
  std::vector<std::byte> digest(hasher.size());
  hasher(bytes(record), digest);
  return to_hex(digest);
}

} // namespace

BOOST_AUTO_TEST_CASE(sha256_meets_the_examples_of_nist) {
  BOOST_TEST(
      to_hex(sha256(bytes("abc"))) ==
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  BOOST_TEST(
      to_hex(sha256(bytes(two_blocks_256))) ==
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  BOOST_TEST(
      to_hex(sha256({})) ==
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

BOOST_AUTO_TEST_CASE(a_record_hasher_follows_the_curve_and_is_reusable) {
  record_hasher p256(curve::p256);
  record_hasher p384(curve::p384);
  for (int round = 0; round < 2; ++round) {
    BOOST_TEST(
        digest_of(p256, two_blocks_256) ==
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    BOOST_TEST(digest_of(p384, "abc") ==
               "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded163"
               "1a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7");
    BOOST_TEST(digest_of(p384, two_blocks_384) ==
               "09330c33f71147e83d192fc782cd1b4753111b173b3b05d2"
               "2fa08086e3b0f712fcc7c71a557e2db966c3e9fa91746039");
  }
}

BOOST_AUTO_TEST_CASE(a_buffer_that_is_too_small_is_not_overrun) {
  record_hasher hasher(curve::p384);
  std::vector<std::byte> digest(32);
  BOOST_CHECK_THROW(hasher(bytes("abc"), digest), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(the_thumbprint_of_rfc_7638_comes_out) {
  // RFC 7638 section 3.1, an RSA key.
  const std::string jwk =
      R"({"e":"AQAB","kty":"RSA","n":"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2)"
      R"(aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZC)"
      R"(iFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65)"
      R"(YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1)"
      R"(n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_)"
      R"(xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw"})";
  const auto digest = sha256(bytes(jwk));
  BOOST_TEST(base64url_encode(std::as_bytes(std::span(digest))) ==
             "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
}

/// Texts of all lengths up to 300, around the padding's limits, and some long
/// ones, in an order that keeps the lanes out of step.
std::vector<std::string> many_texts(std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < 310; ++i) {
    texts.emplace_back(i < 300 ? i : 1'000 * (i - 299), '\0');
    for (auto& c : texts.back())
      c = static_cast<char>(random());
  }
  std::ranges::shuffle(texts, random);
  return texts;
}

std::vector<std::span<const std::byte>>
views_of(const std::vector<std::string>& texts) {
  std::vector<std::span<const std::byte>> views;
  views.reserve(texts.size());
  for (const auto& text : texts)
    views.push_back(bytes(text));
  return views;
}

std::string item(const std::vector<std::byte>& digests, std::size_t size,
                 std::size_t index) {
  return to_hex(std::span(digests).subspan(index * size, size));
}

BOOST_AUTO_TEST_CASE(any_number_of_records_is_hashed_at_once) {
  const auto texts = many_texts(2);
  const auto views = views_of(texts);
  record_hasher hasher(curve::p256);
  for (std::size_t count = 0; count <= 5; ++count) {
    std::vector<std::byte> digests((count + 1) * sha256_size, std::byte{7});
    hasher(std::span(views).first(count), digests);
    for (std::size_t i = 0; i < count; ++i)
      BOOST_TEST(item(digests, sha256_size, i) == to_hex(sha256(views[i])));
    BOOST_TEST((digests.back() == std::byte{7})); // nothing beyond
  }
}

BOOST_AUTO_TEST_CASE(many_records_hash_as_each_does_alone) {
  const auto texts = many_texts(3);
  for (const auto c : {curve::p256, curve::p384}) {
    record_hasher hasher(c);
    std::vector<std::byte> digests(texts.size() * hasher.size());
    hasher(views_of(texts), digests);
    for (std::size_t i = 0; i < texts.size(); ++i)
      BOOST_REQUIRE(item(digests, hasher.size(), i) ==
                    digest_of(hasher, texts[i]));
    BOOST_CHECK_THROW(hasher(views_of(texts), std::span(digests).subspan(1)),
                      std::invalid_argument);
  }
}

BOOST_AUTO_TEST_SUITE_END()
