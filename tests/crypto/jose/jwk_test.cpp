// SPDX-License-Identifier: Apache-2.0
#include "crypto/jose/jwk.hpp"

#include "crypto/jose/strict_json.hpp"
#include "tests/crypto/fixture.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include <stdexcept>

BOOST_AUTO_TEST_SUITE(jwk_test)

using namespace chancery::crypto;
using namespace chancery::crypto::test;

namespace {

// RFC 7517 A.2.
constexpr auto rfc_7517_key = R"({"kty":"EC", "crv":"P-256",
  "x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
  "y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM",
  "d":"870MB6gfuTJ4HtUnUvYMyJpr5eUZNP4Bk43bVdj3eAE",
  "use":"enc", "kid":"1"})";

} // namespace

BOOST_AUTO_TEST_CASE(the_private_key_of_rfc_7517_is_read) {
  const auto key = private_key_from_jwk(parse_secret_json(rfc_7517_key));
  BOOST_TEST(to_text(key.id()) ==
             "cn-I_WNMClehiVp51i_0VpOENW1upEerA8sEam5hn-s");
  BOOST_TEST(to_jwk(key.public_half()).dump() ==
             R"({"crv":"P-256","kty":"EC",)"
             R"("x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",)"
             R"("y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"})");
}

BOOST_AUTO_TEST_CASE(keys_of_both_curves_come_back) {
  for (const auto c : {curve::p256, curve::p384}) {
    const auto key = private_key::generate(c, system_random());
    const auto again = private_key_from_jwk(to_secret_jwk(key));
    BOOST_TEST(to_hex(again.scalar()) == to_hex(key.scalar()));
    BOOST_TEST(
        (public_key_from_jwk(to_jwk(key.public_half())) == key.public_half()));
  }
}

BOOST_AUTO_TEST_CASE(a_public_key_that_holds_a_secret_is_refused) {
  BOOST_TEST(contains(
      complaint([] { public_key_from_jwk(parse_strict_json(rfc_7517_key)); }),
      "private"));
}

BOOST_AUTO_TEST_CASE(a_jwk_with_a_wrong_or_missing_member_is_refused) {
  const auto good = parse_secret_json(rfc_7517_key);
  const auto refused = [&](const char* member, const secret_json& value) {
    auto jwk = good;
    jwk[member] = value;
    BOOST_CHECK_THROW(private_key_from_jwk(jwk), std::invalid_argument);
    jwk.erase("d");
    const auto text = jwk.dump();
    if (std::string_view(member) != "d")
      BOOST_CHECK_THROW(
          public_key_from_jwk(nlohmann::json::parse(text.begin(), text.end())),
          std::invalid_argument);
  };
  for (const auto* member : {"kty", "crv", "x", "y", "d"})
    for (const auto* value : {"null", "7", "[]", R"("")", R"("P-384")",
                              R"("AAAA")", R"("not base64url")"})
      refused(member, parse_secret_json(value));
  // A coordinate with a leading zero byte denotes the same number, but RFC 7518
  // 6.2.1.2 allows the full size only.
  refused("x", "ADCgQkzSHClEg4otdckrN-duog2fAIk6O07uijwKr-w-");
  refused("d", "870MB6gfuTJ4HtUnUvYMyJpr5eUZNP4Bk43bVdj3eAI"); // another key
  BOOST_CHECK_THROW(public_key_from_jwk(nlohmann::json()),
                    std::invalid_argument);
  BOOST_CHECK_THROW(private_key_from_jwk(parse_secret_json("[1]")),
                    std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
