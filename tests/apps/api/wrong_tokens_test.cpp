// SPDX-License-Identifier: Apache-2.0
#include "apps/api/wrong_tokens.hpp"

#include <boost/test/unit_test.hpp>

#include <fmt/format.h>

BOOST_AUTO_TEST_SUITE(wrong_tokens_test)

using chancery::apps::wrong_tokens;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_CASE(ten_of_an_address_within_a_minute_slow_it) {
  wrong_tokens seen;
  wrong_tokens::time now{};
  now += 1h;
  for (int i = 0; i < 10; ++i) {
    BOOST_TEST(!seen.to_be_slowed("a", now));
    seen.add("a", now += 50s);
  }
  BOOST_TEST(seen.to_be_slowed("a", now));
  BOOST_TEST(!seen.to_be_slowed("b", now));
  BOOST_TEST(!seen.to_be_slowed("a", now + 61s));
  seen.add("a", now + 61s);
  BOOST_TEST(!seen.to_be_slowed("a", now + 61s));
}

BOOST_AUTO_TEST_CASE(it_remembers_a_bounded_number_of_addresses) {
  wrong_tokens seen;
  wrong_tokens::time now{};
  now += 1h;
  for (int i = 0; i < 10; ++i)
    seen.add("first", now);
  for (std::size_t i = 0; i < wrong_tokens::addresses_max; ++i)
    seen.add(fmt::format("{}", i), now + 1s);
  BOOST_TEST(!seen.to_be_slowed("first", now + 1s));
}

BOOST_AUTO_TEST_SUITE_END()
