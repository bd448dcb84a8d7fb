// SPDX-License-Identifier: Apache-2.0
#include "crypto/jose/jwk.hpp"

#include "crypto/jose/strict_json.hpp"
#include "tests/crypto/fixture.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
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
  const auto key =
      private_key_from_jwk(parse_secret_json(rfc_7517_key), jwk_purpose::agree);
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
    const auto again =
        private_key_from_jwk(to_secret_jwk(key), jwk_purpose::sign);
    BOOST_TEST(to_hex(again.scalar()) == to_hex(key.scalar()));
    BOOST_TEST((public_key_from_jwk(to_jwk(key.public_half()),
                                    jwk_purpose::verify) == key.public_half()));
  }
}

BOOST_AUTO_TEST_CASE(a_public_key_that_holds_a_secret_is_refused) {
  BOOST_TEST(contains(complaint([] {
                        public_key_from_jwk(parse_strict_json(rfc_7517_key),
                                            jwk_purpose::agree_with);
                      }),
                      "private"));
}

BOOST_AUTO_TEST_CASE(other_members_are_ignored) {
  // As WebCrypto exports a public key, with names of RFC 7517 and of nobody.
  auto jwk = parse_strict_json(rfc_7517_key);
  jwk.erase("d");
  jwk.update({{"ext", true},
              {"key_ops", nlohmann::json::array()},
              {"alg", "ECDH-ES+A128KW"},
              {"x5u", 7},
              {"", nullptr}});
  BOOST_TEST(to_text(public_key_from_jwk(jwk, jwk_purpose::agree_with).id()) ==
             "cn-I_WNMClehiVp51i_0VpOENW1upEerA8sEam5hn-s");
}

BOOST_AUTO_TEST_CASE(what_a_key_may_not_be_used_for_is_refused) {
  using enum jwk_purpose;
  const auto permits = [](const char* members, jwk_purpose purpose) {
    const auto secret = complaint(
        [&] { require_permitted(parse_secret_json(members), purpose); });
    const auto plain = complaint(
        [&] { require_permitted(parse_strict_json(members), purpose); });
    BOOST_TEST(secret == plain);
    return plain.empty();
  };
  const auto only = [&](const char* members,
                        std::initializer_list<jwk_purpose> purposes) {
    for (const auto each : {sign, verify, agree, agree_with}) {
      const bool wanted =
          std::find(purposes.begin(), purposes.end(), each) != purposes.end();
      BOOST_TEST(permits(members, each) == wanted,
                 members << " " << static_cast<int>(each));
    }
  };
  only("{}", {sign, verify, agree, agree_with});
  only(R"({"use":"sig"})", {sign, verify});
  only(R"({"use":"enc"})", {agree, agree_with});
  only(R"({"key_ops":["sign"]})", {sign});
  only(R"({"key_ops":["encrypt","verify"]})", {verify});
  only(R"({"key_ops":["sign","verify"],"use":"sig"})", {sign, verify});
  only(R"({"key_ops":["deriveKey"]})", {agree, agree_with});
  only(R"({"key_ops":["deriveBits"],"use":"enc"})", {agree, agree_with});
  only(R"({"key_ops":[]})", {agree_with});
  for (const auto* members :
       {R"({"use":"tls"})", R"({"use":""})", R"({"use":null})", R"({"use":1})",
        R"({"use":["sig"]})", R"({"use":"Sig"})", R"({"key_ops":null})",
        R"({"key_ops":"verify"})", R"({"key_ops":{}})", R"({"key_ops":[1]})",
        R"({"key_ops":["wrapKey"]})", R"({"key_ops":["Verify"]})",
        R"({"key_ops":["verify","sign","deriveKey","verify"]})",
        R"({"key_ops":["sign"],"use":"enc"})",
        R"({"key_ops":["deriveKey"],"use":"sig"})"})
    only(members, {});
}

BOOST_AUTO_TEST_CASE(a_jwk_with_a_wrong_or_missing_member_is_refused) {
  const auto good = parse_secret_json(rfc_7517_key);
  const auto refused = [&](const char* member, const secret_json& value) {
    auto jwk = good;
    jwk[member] = value;
    BOOST_CHECK_THROW(private_key_from_jwk(jwk, jwk_purpose::agree),
                      std::invalid_argument);
    jwk.erase("d");
    const auto text = jwk.dump();
    if (std::string_view(member) != "d")
      BOOST_CHECK_THROW(
          public_key_from_jwk(nlohmann::json::parse(text.begin(), text.end()),
                              jwk_purpose::agree_with),
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
  BOOST_CHECK_THROW(public_key_from_jwk(nlohmann::json(), jwk_purpose::verify),
                    std::invalid_argument);
  BOOST_CHECK_THROW(
      private_key_from_jwk(parse_secret_json("[1]"), jwk_purpose::sign),
      std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
