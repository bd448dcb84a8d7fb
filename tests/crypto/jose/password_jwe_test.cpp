// SPDX-License-Identifier: Apache-2.0
#include "crypto/jose/password_jwe.hpp"

#include "crypto/base/base64url.hpp"
#include "tests/crypto/fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <stdexcept>

BOOST_AUTO_TEST_SUITE(password_jwe_test)

using namespace chancery::crypto;
using namespace chancery::crypto::test;

namespace {

constexpr auto content = "jwk-set+json";
constexpr std::uint32_t few = password_iterations_min;
// The passphrase of RFC 7517 appendix C.
constexpr auto passphrase = "Thus from my lips, by yours, my sin is purged.";

// Written by the npm package jose 5.10.0, with 2048 iterations.
constexpr auto by_jose =
    "eyJhbGciOiJQQkVTMi1IUzUxMitBMjU2S1ciLCJlbmMiOiJBMjU2R0NNIiwiY3R5IjoiandrL"
    "XNldCtqc29uIiwicDJjIjoyMDQ4LCJwMnMiOiJNM3I0ZVlwV293aDhtWTJzc0NUNzJ3In0.lx"
    "YYkSgjs4qn9Zuzf9hBD4VbrEQBnE9_7KfYSa9EozagM5nsmtLwGQ.6Du-AFTWlolBHv8H.Ya9"
    "xlcVf8e8vCpI.i4DEZsaolTOiwO5209gB3Q";

std::string sealed(std::string_view text) {
  return seal_under_passphrase(text, passphrase, content, system_random(), few);
}

/// A JWE with this header and other parts of the right sizes.
std::string with_header(const std::string& header) {
  const auto part = [](std::size_t size) {
    return base64url_encode(std::vector<std::byte>(size));
  };
  return base64url_encode(bytes(header)) + "." + part(40) + "." + part(12) +
         "." + part(20) + "." + part(16);
}

std::string refusal(const std::string& jwe) {
  return complaint(
      [&] { (void)open_under_passphrase(jwe, passphrase, content); });
}

} // namespace

BOOST_AUTO_TEST_CASE(what_another_implementation_wrote_is_opened) {
  const auto text = open_under_passphrase(by_jose, passphrase, content);
  BOOST_REQUIRE(text.has_value());
  BOOST_TEST((*text == R"({"keys":[]})"));
}

BOOST_AUTO_TEST_CASE(text_of_every_size_comes_back) {
  for (const std::size_t size : {0U, 1U, 15U, 16U, 17U, 100'000U}) {
    const std::string text(size, 'k');
    const auto opened =
        open_under_passphrase(sealed(text), passphrase, content);
    BOOST_REQUIRE(opened.has_value());
    BOOST_TEST(
        std::equal(text.begin(), text.end(), opened->begin(), opened->end()));
  }
}

BOOST_AUTO_TEST_CASE(sealing_twice_repeats_nothing) {
  const auto a = sealed("text");
  const auto b = sealed("text");
  for (std::size_t i = 0, dot = 0; i < 5; ++i) {
    const auto end = std::min(a.find('.', dot), b.find('.', dot));
    BOOST_TEST(a.substr(dot, end - dot) != b.substr(dot, end - dot));
    dot = end + 1;
  }
}

BOOST_AUTO_TEST_CASE(the_usual_cost_is_what_the_header_says) {
  const auto jwe =
      seal_under_passphrase("text", passphrase, content, system_random());
  const auto header = base64url_decode(jwe.substr(0, jwe.find('.'))).value();
  BOOST_TEST(contains(header, R"("p2c":210000)"), header);
  BOOST_TEST(contains(header, R"("alg":"PBES2-HS512+A256KW")"), header);
  BOOST_TEST(contains(header, R"("enc":"A256GCM")"), header);
}

BOOST_AUTO_TEST_CASE(another_passphrase_opens_nothing) {
  const auto jwe = sealed("text");
  for (const auto* other :
       {"", "x", "thus from my lips, by yours, my sin is purged."})
    BOOST_TEST(!open_under_passphrase(jwe, other, content).has_value());
}

BOOST_AUTO_TEST_CASE(every_changed_character_is_noticed) {
  const auto jwe = sealed("some text that is worth a secret");
  for (std::size_t i = 0; i < jwe.size(); ++i)
    for (const char c : {'A', 'B', '-', '.', ' '}) {
      auto changed = jwe;
      if (changed[i] == c)
        continue;
      changed[i] = c;
      try {
        BOOST_REQUIRE(
            !open_under_passphrase(changed, passphrase, content).has_value());
      } catch (const std::invalid_argument&) {
        // refused, too
      }
    }
}

BOOST_AUTO_TEST_CASE(every_truncation_is_noticed) {
  const auto jwe = sealed("some text that is worth a secret");
  for (std::size_t size = 0; size < jwe.size(); ++size)
    BOOST_REQUIRE(!refusal(jwe.substr(0, size)).empty());
}

BOOST_AUTO_TEST_CASE(only_the_one_header_is_read) {
  const std::string salt = R"("p2s":"2WCTcJZ1Rvd_CJuJripQ1w")";
  const std::string alg = R"("alg":"PBES2-HS512+A256KW","enc":"A256GCM",)";
  const auto says = [](const std::string& header, std::string_view word) {
    const auto said = refusal(with_header(header));
    BOOST_TEST(contains(said, word), header << " -> " << said);
  };
  // RFC 7517 appendix C.2: other algorithms.
  says(R"({"alg":"PBES2-HS256+A128KW",)" + salt +
           R"(,"p2c":4096,"enc":"A128CBC-HS256","cty":"jwk+json"})",
       "algorithms are not");
  says(R"({"alg":"PBES2-HS256+A128KW","enc":"A256GCM",)" + salt +
           R"(,"p2c":4096})",
       "algorithms are not");
  says(R"({"alg":"PBES2-HS512+A256KW","enc":"A128GCM",)" + salt +
           R"(,"p2c":4096})",
       "algorithms are not");
  says("{" + alg + salt + R"(,"p2c":4096,"zip":"DEF"})", "unknown member");
  says("{" + alg + salt + R"(,"p2c":4096,"crit":[]})", "unknown member");
  says("{" + alg + salt + R"(,"p2c":4096,"p2c":4096})", "twice");
  says("{" + alg + salt + R"(,"p2c":4096,"cty":"jwk+json"})",
       "another content type");
  says("{" + alg + salt + R"(,"p2c":4096,"cty":null})", "another content type");
  says("{" + alg + salt + "}", "iteration count");
  says("{" + alg + R"("p2c":4096})", "salt");
  says("{" + alg + R"("p2s":"AAAA","p2c":4096})", "salt"); // under 8 octets
  says("{" + alg + R"("p2s":"2WCTcJZ1Rvd_CJuJripQ1x","p2c":4096})", "salt");
  says("[]", "not a JSON object");
  says("{", "not valid JSON");
  for (const auto* count :
       {"0", "999", "10000001", "18446744073709551615", "-1", "4096.5", "null",
        R"("4096")", "99999999999999999999999"})
    says("{" + alg + salt + R"(,"p2c":)" + count + "}", "iteration count");
  BOOST_TEST(refusal(with_header("{" + alg + salt + R"(,"p2c":1000})")) == "");
}

BOOST_AUTO_TEST_CASE(an_iteration_count_out_of_bounds_costs_no_time) {
  // 2^64 - 1 iterations would never end.
  BOOST_TEST(contains(
      refusal(with_header(R"({"alg":"PBES2-HS512+A256KW","enc":"A256GCM",)"
                          R"("p2s":"2WCTcJZ1Rvd_CJuJripQ1w",)"
                          R"("p2c":18446744073709551615})")),
      "out of bounds"));
}

BOOST_AUTO_TEST_CASE(what_could_not_be_read_is_not_written) {
  const auto seal = [](std::string_view secret, std::uint32_t iterations) {
    (void)seal_under_passphrase("text", secret, content, system_random(),
                                iterations);
  };
  BOOST_CHECK_THROW(seal("", few), std::invalid_argument);
  BOOST_CHECK_THROW(seal("x", password_iterations_min - 1),
                    std::invalid_argument);
  BOOST_CHECK_THROW(seal("x", password_iterations_max + 1),
                    std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(a_text_says_what_it_holds_before_it_is_opened) {
  const auto text =
      seal_under_passphrase("{}", "passphrase", "a/b", system_random(), 1000);
  BOOST_TEST(content_type_of(text).value_or("none") == "a/b");
  // {"cty":1}, {} and []
  for (const std::string other :
       {"", "...", "?", "eyJjdHkiOjF9.", "e30.", "W10", "eyJ"})
    BOOST_TEST(!content_type_of(other), other);
}

BOOST_AUTO_TEST_CASE(one_line_end_is_taken_off_a_file) {
  BOOST_TEST(without_line_end("a") == "a");
  BOOST_TEST(without_line_end("a\n") == "a");
  BOOST_TEST(without_line_end("a\r\n") == "a");
  BOOST_TEST(without_line_end("a\n\n") == "a\n");
  BOOST_TEST(without_line_end("\n") == "");
}

BOOST_AUTO_TEST_SUITE_END()
