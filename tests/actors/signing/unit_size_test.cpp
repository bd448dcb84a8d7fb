// SPDX-License-Identifier: Apache-2.0
#include "actors/signing/unit_size.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(unit_size_test)

using chancery::actors::leases_per_unit;
using chancery::actors::local_units;

BOOST_AUTO_TEST_CASE(a_unit_has_the_records_that_are_wanted) {
  BOOST_TEST(leases_per_unit({768, 1, 100, 1'000, 1'000'000}) == 8u);
  BOOST_TEST(leases_per_unit({768, 1, 768, 1'000, 1'000'000}) == 1u);
  BOOST_TEST(leases_per_unit({768, 1, 767, 1'000, 1'000'000}) == 2u);
  BOOST_TEST(leases_per_unit({768, 1, 1, 10'000, 1'000'000}) == 768u);
}

BOOST_AUTO_TEST_CASE(two_units_of_every_signer_share_the_keys) {
  BOOST_TEST(leases_per_unit({768, 2, 1, 100, 1'000'000}) == 25u);
  BOOST_TEST(leases_per_unit({768, 100, 1, 100, 1'000'000}) == 1u);
}

BOOST_AUTO_TEST_CASE(where_keys_are_plenty_a_signer_queues_a_second_unit) {
  const auto plan = local_units({768, 2, 100, 100, 1'000'000});
  BOOST_TEST(plan.leases == 8u);
  BOOST_TEST(plan.outstanding == 2u);
  const auto large = local_units({768, 2, 10'000, 4, 1'000'000});
  BOOST_TEST(large.leases == 1u);
  BOOST_TEST(large.outstanding == 2u);
  // ... but not where another could sign it.
  const auto small = local_units({768, 2, 100, 100, 3'100});
  BOOST_TEST(small.leases == 1u);
  BOOST_TEST(small.outstanding == 1u);
}

BOOST_AUTO_TEST_CASE(where_keys_are_few_a_signer_has_one_unit_of_its_share) {
  const auto plan = local_units({768, 2, 1, 100, 1'000'000});
  BOOST_TEST(plan.leases == 48u); // not two more: whole lanes
  BOOST_TEST(plan.outstanding == 1u);
  BOOST_TEST(local_units({768, 2, 100, 26, 1'000'000}).leases == 13u);
  BOOST_TEST(local_units({768, 2, 1, 62, 1'000'000}).leases == 31u);
  BOOST_TEST(local_units({768, 3, 1, 10, 1'000'000}).leases == 3u);
  BOOST_TEST(local_units({768, 200, 1, 100, 1'000'000}).leases == 1u);
  BOOST_TEST(local_units({768, 1, 1, 100, 80}).leases == 10u);
}

BOOST_AUTO_TEST_CASE(a_small_job_is_cut_into_eight_units_a_signer) {
  BOOST_TEST(leases_per_unit({768, 2, 10, 1'000, 1'600}) == 10u);
  BOOST_TEST(leases_per_unit({768, 2, 10, 1'000, 5}) == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
