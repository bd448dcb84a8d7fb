// SPDX-License-Identifier: Apache-2.0
#include "actors/cluster/work_window.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(work_window_test)

using namespace std::chrono_literals;
using chancery::actors::work_window;

namespace {

constexpr auto ttl = 9'000ms;

void arrive_quickly(work_window& window, int times) {
  for (int i = 0; i < times; ++i)
    window.arrived(10ms, 0ms, ttl, false);
}

} // namespace

BOOST_AUTO_TEST_CASE(it_begins_with_two_units_as_far_as_allowed) {
  const work_window wide(16, 8);
  BOOST_TEST(wide.units() == 2u);
  BOOST_TEST(wide.leases() == 8u);
  const work_window narrow(1, 1);
  BOOST_TEST(narrow.units() == 1u);
  BOOST_TEST(narrow.leases() == 1u);
  const work_window nothing(0, 0);
  BOOST_TEST(nothing.units() == 1u);
  BOOST_TEST(nothing.leases() == 1u);
}

BOOST_AUTO_TEST_CASE(it_grows_while_the_signer_waits_for_the_network) {
  work_window window(4, 8);
  for (const unsigned units : {3u, 4u, 4u}) {
    window.arrived(100ms, 50ms, ttl, true);
    BOOST_TEST(window.units() == units);
  }
}

BOOST_AUTO_TEST_CASE(it_does_not_grow_while_the_coordinator_has_no_work) {
  work_window window(16, 8);
  window.arrived(100ms, 51ms, ttl, true);
  window.arrived(2'000ms, 2'000ms, ttl, true);
  BOOST_TEST(window.units() == 2u);
}

BOOST_AUTO_TEST_CASE(it_does_not_grow_while_there_is_something_to_sign) {
  work_window window(16, 8);
  arrive_quickly(window, 100);
  BOOST_TEST(window.units() == 2u);
}

BOOST_AUTO_TEST_CASE(what_it_does_not_need_for_long_it_gives_up) {
  work_window window(16, 8);
  for (int i = 0; i < 2; ++i)
    window.arrived(10ms, 0ms, ttl, true);
  BOOST_REQUIRE_EQUAL(window.units(), 4u);
  arrive_quickly(window, 63);
  BOOST_TEST(window.units() == 4u);
  arrive_quickly(window, 1);
  BOOST_TEST(window.units() == 3u);
  arrive_quickly(window, 1'000);
  BOOST_TEST(window.units() == 2u);
}

BOOST_AUTO_TEST_CASE(a_slow_line_gets_fewer_and_then_smaller_units) {
  work_window window(16, 5);
  for (int i = 0; i < 6; ++i)
    window.arrived(10ms, 0ms, ttl, true);
  BOOST_REQUIRE_EQUAL(window.units(), 8u);
  const auto slow = ttl / 3 + 1ms;
  for (const unsigned units : {4u, 2u, 1u}) {
    window.arrived(slow, 0ms, ttl, true);
    BOOST_TEST(window.units() == units);
    BOOST_TEST(window.leases() == 5u);
  }
  for (const unsigned leases : {2u, 1u, 1u}) {
    window.arrived(slow, 0ms, ttl, true);
    BOOST_TEST(window.units() == 1u);
    BOOST_TEST(window.leases() == leases);
  }
}

BOOST_AUTO_TEST_CASE(a_line_that_is_neither_slow_nor_quick_changes_nothing) {
  work_window window(16, 8);
  window.arrived(ttl / 3, 0ms, ttl, true);
  window.arrived(ttl / 8 + 1ms, 0ms, ttl, true);
  BOOST_TEST(window.units() == 2u);
  BOOST_TEST(window.leases() == 8u);
  window.arrived(ttl / 8, 0ms, ttl, true);
  BOOST_TEST(window.units() == 3u);
}

BOOST_AUTO_TEST_CASE(what_a_unit_waited_at_the_coordinator_was_not_the_line) {
  work_window window(16, 8);
  window.arrived(6'000ms, 5'900ms, ttl, true);
  BOOST_TEST(window.units() == 2u);
  window.arrived(10ms, 1'000'000ms, ttl, true); // longer than it took
  BOOST_TEST(window.units() == 2u);
  BOOST_TEST(window.leases() == 8u);
}

BOOST_AUTO_TEST_CASE(units_grow_again_after_many_quick_ones_in_a_row) {
  work_window window(1, 8);
  for (int i = 0; i < 3; ++i)
    window.arrived(4'000ms, 0ms, ttl, true);
  BOOST_REQUIRE_EQUAL(window.leases(), 1u);
  arrive_quickly(window, 15);
  BOOST_TEST(window.leases() == 1u);
  arrive_quickly(window, 1);
  BOOST_TEST(window.leases() == 2u);
  arrive_quickly(window, 15);
  window.arrived(2'000ms, 0ms, ttl, false); // interrupts the row
  arrive_quickly(window, 15);
  BOOST_TEST(window.leases() == 2u);
  arrive_quickly(window, 1);
  BOOST_TEST(window.leases() == 4u);
  arrive_quickly(window, 100);
  BOOST_TEST(window.leases() == 8u);
}

BOOST_AUTO_TEST_SUITE_END()
