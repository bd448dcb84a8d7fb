// SPDX-License-Identifier: Apache-2.0
#include "actors/base/backoff.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(backoff_test)

using namespace std::chrono_literals;
using chancery::actors::backoff;

BOOST_AUTO_TEST_CASE(pauses_double_up_to_the_longest) {
  backoff b;
  for (const auto pause : {100ms, 200ms, 400ms, 800ms, 1'600ms, 3'200ms,
                           5'000ms, 5'000ms, 5'000ms})
    BOOST_TEST((b.next(0) == pause));
}

BOOST_AUTO_TEST_CASE(chance_shortens_a_pause_by_up_to_a_half) {
  backoff b;
  BOOST_TEST((b.next(1) == 50ms));
  BOOST_TEST((b.next(0.5) == 150ms)); // of 200, which doubles in full
  BOOST_TEST((b.next(0) == 400ms));
}

BOOST_AUTO_TEST_CASE(chance_beyond_its_bounds_counts_as_the_bound) {
  backoff b;
  BOOST_TEST((b.next(-7) == 100ms));
  BOOST_TEST((b.next(7) == 100ms));
}

BOOST_AUTO_TEST_CASE(it_begins_again_after_success) {
  backoff b;
  for (int i = 0; i < 10; ++i)
    b.next(0);
  b.reset();
  BOOST_TEST((b.next(0) == 100ms));
  BOOST_TEST((b.next(0) == 200ms));
}

BOOST_AUTO_TEST_SUITE_END()
