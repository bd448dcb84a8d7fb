// SPDX-License-Identifier: Apache-2.0
#include "actors/base/answer_clock.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(answer_clock_test)

using namespace std::chrono_literals;
using chancery::actors::answer_clock;

constexpr answer_clock::steady::time_point start{1h};

BOOST_AUTO_TEST_CASE(who_owes_nothing_is_not_silent) {
  answer_clock clock;
  BOOST_TEST((clock.silence(start) == 0s));
  clock.asked(start);
  clock.answered(start + 1s);
  BOOST_TEST(!clock.owes());
  BOOST_TEST((clock.silence(start + 1h) == 0s));
}

BOOST_AUTO_TEST_CASE(silence_lasts_since_the_question) {
  answer_clock clock;
  clock.asked(start);
  clock.asked(start + 5s);
  BOOST_TEST(clock.owes());
  BOOST_TEST((clock.silence(start + 7s) == 7s));
}

BOOST_AUTO_TEST_CASE(each_answer_ends_it) {
  answer_clock clock;
  clock.asked(start);
  clock.asked(start);
  clock.answered(start + 4s);
  BOOST_TEST((clock.silence(start + 7s) == 3s));
  clock.answered(start + 8s);
  clock.asked(start + 20s);
  BOOST_TEST((clock.silence(start + 21s) == 1s));
}

BOOST_AUTO_TEST_SUITE_END()
