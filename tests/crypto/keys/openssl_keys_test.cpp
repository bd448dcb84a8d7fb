// SPDX-License-Identifier: Apache-2.0
#include "crypto/keys/openssl_keys.hpp"

#include "tests/crypto/fixture.hpp"

#include <boost/test/unit_test.hpp>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>

#include <array>
#include <stdexcept>

BOOST_AUTO_TEST_SUITE(openssl_keys_test)

using namespace chancery::crypto;
using namespace chancery::crypto::test;

namespace {

/// An uncompressed SEC 1 point, in hexadecimal.
std::string point_of(EVP_PKEY* key) {
  std::array<unsigned char, 97> point{};
  std::size_t size = 0;
  BOOST_REQUIRE(EVP_PKEY_get_octet_string_param(key, OSSL_PKEY_PARAM_PUB_KEY,
                                                point.data(), point.size(),
                                                &size) == 1);
  return to_hex(std::span(point).first(size));
}

} // namespace

BOOST_AUTO_TEST_CASE(a_key_keeps_its_point_on_both_curves) {
  for (const auto c : {curve::p256, curve::p384}) {
    const auto key = private_key::generate(c, replayed_random(7));
    const auto expected = "04" + to_hex(key.public_half().point());
    BOOST_TEST(point_of(to_openssl(key).get()) == expected);
    BOOST_TEST(point_of(to_openssl(key.public_half()).get()) == expected);
  }
}

BOOST_AUTO_TEST_CASE(the_private_half_belongs_to_the_public_one) {
  for (const auto c : {curve::p256, curve::p384}) {
    const auto pkey = to_openssl(private_key::generate(c, replayed_random(8)));
    const pkey_context_ptr context(
        EVP_PKEY_CTX_new_from_pkey(nullptr, pkey.get(), nullptr));
    BOOST_TEST(EVP_PKEY_pairwise_check(context.get()) == 1);
  }
}

BOOST_AUTO_TEST_CASE(a_context_outlives_the_key_that_it_was_made_from) {
  const auto key = private_key::generate(curve::p256, replayed_random(9));
  const auto context = ready_context(to_openssl(key).get(), EVP_PKEY_sign_init);
  const std::array<unsigned char, 32> digest{};
  std::array<unsigned char, 128> signature{};
  auto size = signature.size();
  BOOST_TEST(EVP_PKEY_sign(context.get(), signature.data(), &size,
                           digest.data(), digest.size()) == 1);
}

BOOST_AUTO_TEST_CASE(an_error_says_the_reason_and_empties_the_queue) {
  const EVP_PKEY* none = EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-257");
  BOOST_TEST(none == nullptr);
  BOOST_TEST(ERR_peek_error() != 0U);
  const auto said = complaint([] { throw_openssl_error("it fails"); });
  BOOST_TEST(said.starts_with("it fails: error:"), said);
  BOOST_TEST(ERR_peek_error() == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
