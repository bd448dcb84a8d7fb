// SPDX-License-Identifier: Apache-2.0
#include "crypto/base/jws_hasher.hpp"

#include "crypto/base/base64url.hpp"
#include "crypto/base/hash.hpp"
#include "tests/crypto/fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <stdexcept>
#include <string>
#include <vector>

BOOST_AUTO_TEST_SUITE(jws_hasher_test)

using namespace chancery::crypto;
using namespace chancery::crypto::test;

namespace {

std::vector<std::string> payloads() {
  std::vector<std::string> all;
  for (std::size_t size = 0; size < 200; ++size)
    all.emplace_back(size, static_cast<char>(size));
  for (const std::size_t size : {1'000, 4'095, 70'000})
    all.emplace_back(size, 'p');
  return all;
}

/// By another way: all in one text, each alone.
std::vector<std::byte> expected(curve c, const std::string& header,
                                const std::vector<std::string>& all) {
  record_hasher plain(c);
  std::vector<std::byte> digests(all.size() * plain.size());
  for (std::size_t i = 0; i < all.size(); ++i)
    plain(bytes(header + "." + base64url_encode(bytes(all[i]))),
          std::span(digests).subspan(i * plain.size()));
  return digests;
}

std::vector<std::byte> hashed(curve c, const hash_prefix& before,
                              const std::vector<std::string>& all) {
  std::vector<std::span<const std::byte>> views;
  for (const auto& payload : all)
    views.push_back(bytes(payload));
  jws_hasher hasher(c);
  std::vector<std::byte> digests(all.size() * hasher.size());
  hasher(before, views, digests);
  return digests;
}

} // namespace

BOOST_AUTO_TEST_CASE(it_hashes_header_dot_payload) {
  const auto all = payloads();
  for (const auto c : {curve::p256, curve::p384})
    for (const std::size_t size : {0, 1, 62, 63, 64, 65, 127, 1'400}) {
      const std::string header(size, 'h');
      BOOST_REQUIRE((hashed(c, hash_prefix(c, header + "."), all) ==
                     expected(c, header, all)));
    }
}

BOOST_AUTO_TEST_CASE(a_beginning_is_continued_in_many_ways) {
  const auto all = payloads();
  const std::string header(1'400, 'h');
  for (const auto c : {curve::p256, curve::p384})
    for (const std::size_t at : {0, 1, 63, 64, 1'399, 1'400}) {
      const hash_prefix begin(c, header.substr(0, at));
      const auto one = begin.then(header.substr(at)).then(".");
      const auto other = begin.then("other.");
      BOOST_TEST((hashed(c, one, all) == expected(c, header, all)));
      BOOST_TEST((hashed(c, other, all) ==
                  expected(c, header.substr(0, at) + "other", all)));
    }
}

BOOST_AUTO_TEST_CASE(digests_need_room) {
  jws_hasher hasher(curve::p256);
  const std::span<const std::byte> none[2];
  std::vector<std::byte> digests(2 * hasher.size() - 1);
  BOOST_CHECK_THROW(hasher(hash_prefix(curve::p256, "."), none, digests),
                    std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
