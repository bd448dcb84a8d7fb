// SPDX-License-Identifier: Apache-2.0
#include "actors/cluster/coordinator.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(coordinator_test)

using namespace chancery;
using actors::coordinator_options;
using actors::greeting_for;

BOOST_AUTO_TEST_CASE(a_worker_is_told_what_signs_and_for_how_long) {
  coordinator_options options;
  options.software = "chancery of the test";
  options.ttl_ms = 7'000;
  const auto w = greeting_for(options, 100, 1'000, 1'000'000);
  BOOST_TEST(w.protocol == actors::protocol_version);
  BOOST_TEST(w.software == "chancery of the test");
  BOOST_TEST(w.ttl_ms == 7'000u);
}

BOOST_AUTO_TEST_CASE(a_unit_has_the_records_that_its_messages_are_worth) {
  const std::uint64_t many = 1'000'000'000;
  BOOST_TEST(greeting_for({}, 100, 100'000, many).leases_per_unit == 16u);
  BOOST_TEST(greeting_for({}, 1'536, 100'000, many).leases_per_unit == 1u);
  BOOST_TEST(greeting_for({}, 1'535, 100'000, many).leases_per_unit == 2u);
  BOOST_TEST(greeting_for({}, 1, 100'000, many).leases_per_unit == 1'536u);
}

BOOST_AUTO_TEST_CASE(with_few_keys_a_unit_leaves_some_for_others) {
  const std::uint64_t many = 1'000'000'000;
  BOOST_TEST(greeting_for({}, 100, 80, many).leases_per_unit == 10u);
  BOOST_TEST(greeting_for({}, 100, 16, many).leases_per_unit == 2u);
  for (const std::size_t keys : {0u, 1u, 7u, 15u})
    BOOST_TEST(greeting_for({}, 100, keys, many).leases_per_unit == 1u);
}

BOOST_AUTO_TEST_CASE(with_few_records_units_are_small_and_the_end_is_even) {
  BOOST_TEST(greeting_for({}, 100, 10'000, 32'000).leases_per_unit == 10u);
  BOOST_TEST(greeting_for({}, 100, 10'000, 6'399).leases_per_unit == 1u);
  BOOST_TEST(greeting_for({}, 100, 10'000, 0).leases_per_unit == 1u);
}

BOOST_AUTO_TEST_CASE(a_large_batch_is_a_unit_of_its_own) {
  const auto w = greeting_for({}, 0xffff'ffff, 10'000, 1'000'000'000'000);
  BOOST_TEST(w.leases_per_unit == 1u);
  BOOST_TEST(w.units_max == 256u);
}

BOOST_AUTO_TEST_CASE(no_worker_may_have_more_units_than_there_are_keys_for) {
  const std::uint64_t many = 1'000'000'000;
  BOOST_TEST(greeting_for({}, 2'000, 3, many).units_max == 3u);
  BOOST_TEST(greeting_for({}, 2'000, 0, many).units_max == 1u);
  BOOST_TEST(greeting_for({}, 100, 80, many).units_max == 8u);
  BOOST_TEST(greeting_for({}, 2'000, 100'000, many).units_max == 256u);
}

BOOST_AUTO_TEST_SUITE_END()
