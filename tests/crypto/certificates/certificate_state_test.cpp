// SPDX-License-Identifier: Apache-2.0
#include "crypto/certificates/certificate_state.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(certificate_state_test)

using namespace chancery::crypto;

BOOST_AUTO_TEST_CASE(a_state_follows_from_the_finding_and_what_is_left) {
  constexpr std::int64_t now = 1'000'000;
  constexpr std::int64_t month = 30 * 86'400;
  const auto state = [](certificate_verdict verdict, std::int64_t ends) {
    path_finding finding;
    finding.verdict = verdict;
    finding.ends = ends;
    return to_text(state_of(finding, now, month));
  };
  using enum certificate_verdict;
  BOOST_TEST(state(valid, now + month + 1) == "valid");
  BOOST_TEST(state(valid, now + month) == "ending");
  BOOST_TEST(state(valid, now) == "ending");
  BOOST_TEST(state(expired, now - 1) == "expired");
  BOOST_TEST(state(not_yet_valid, now + month) == "future");
  BOOST_TEST(state(revoked, now + month) == "revoked");
  BOOST_TEST(state(untrusted, now + month) == "none");
  BOOST_TEST(state(malformed, now + month) == "none");
}

BOOST_AUTO_TEST_CASE(only_valid_and_ending_ones_seal) {
  using enum certificate_state;
  for (const auto state : {none, future, valid, ending, expired, revoked})
    BOOST_TEST(can_seal(state) == (state == valid || state == ending));
}

BOOST_AUTO_TEST_SUITE_END()
