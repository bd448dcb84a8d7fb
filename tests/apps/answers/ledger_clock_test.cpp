// SPDX-License-Identifier: Apache-2.0
#include "apps/answers/ledger_clock.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(ledger_clock_test)

using namespace chancery::apps;

namespace {

constexpr std::uint64_t now_ms = 1'790'000'000'000;

bool said(std::uint64_t ahead_s, const std::string& what) {
  return ahead_text(now_ms + ahead_s * 1'000, now_ms).find(what) !=
         std::string::npos;
}

} // namespace

BOOST_AUTO_TEST_CASE(a_ledger_of_the_past_needs_no_words) {
  BOOST_TEST(seconds_ahead(0, now_ms) == 0u);
  BOOST_TEST(seconds_ahead(now_ms, now_ms) == 0u);
  BOOST_TEST(seconds_ahead(now_ms + 59'999, now_ms) == 0u);
  BOOST_TEST(ahead_text(now_ms + 59'999, now_ms).empty());
}

BOOST_AUTO_TEST_CASE(one_ahead_is_said_with_how_far) {
  BOOST_TEST(seconds_ahead(now_ms + 60'000, now_ms) == 60u);
  BOOST_TEST(said(60, " is 1 min 0 s ahead of this host's clock"));
  BOOST_TEST(said(86'400, " is 24 h 0 min ahead"));
  BOOST_TEST(said(3 * 365 * 86'400, " is 1,095 days ahead"));
  BOOST_TEST(said(60, "2026-09-21T14:14:20.000Z"));
}

BOOST_AUTO_TEST_SUITE_END()
