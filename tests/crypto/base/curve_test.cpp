// SPDX-License-Identifier: Apache-2.0
#include "crypto/base/curve.hpp"

#include <boost/test/unit_test.hpp>

#include <stdexcept>

BOOST_AUTO_TEST_SUITE(curve_test)

using namespace chancery::crypto;

BOOST_AUTO_TEST_CASE(sizes_and_names_follow_the_curve) {
  BOOST_TEST(field_size(curve::p256) == 32U);
  BOOST_TEST(field_size(curve::p384) == 48U);
  BOOST_TEST(signature_size(curve::p256) == 64U);
  BOOST_TEST(signature_size(curve::p384) == 96U);
  BOOST_TEST(jws_algorithm(curve::p256) == "ES256");
  BOOST_TEST(jws_algorithm(curve::p384) == "ES384");
}

BOOST_AUTO_TEST_CASE(names_are_read_as_people_and_jose_write_them) {
  for (const auto c : {curve::p256, curve::p384})
    BOOST_TEST((curve_from_name(jwk_curve_name(c)) == c));
  BOOST_TEST((curve_from_name("p256") == curve::p256));
  BOOST_TEST((curve_from_name("p384") == curve::p384));
  for (const auto* name : {"", "P256", "p-256", "P-521", "secp256k1"})
    BOOST_CHECK_THROW(curve_from_name(name), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
