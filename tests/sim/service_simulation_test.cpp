// SPDX-License-Identifier: Apache-2.0
// Many lives of a service. CHANCERY_SIM_SEEDS sets their number,
// CHANCERY_SIM_SEED runs one alone.
#include "tests/defence_switch.hpp"

#include "lives.hpp"
#include "service_world.hpp"

#include <boost/test/unit_test.hpp>
#include <fmt/format.h>

#include <string>

namespace chancery::tests {

BOOST_AUTO_TEST_SUITE(service_simulation_test)

BOOST_AUTO_TEST_CASE(what_is_acknowledged_is_signed_once_whatever_happens) {
  const auto [first, last] = seeds_wanted(60);
  fmt::print("seeds {} to {}\n", first, last);
  service_result sum;
  for (auto seed = first; seed <= last; ++seed) {
    service_options options;
    options.seed = seed;
    const auto result = live(options);
    expect_no_violation(options, result);
    sum.records += result.records;
    sum.lives += result.lives;
    sum.epochs += result.epochs;
    sum.deaths += result.deaths;
    sum.replayed += result.replayed;
    sum.waited += result.waited;
    sum.full += result.full;
    sum.leases_lost += result.leases_lost;
  }
  fmt::print("{} records in {} epochs of {} processes: {} signers died, {} "
             "leases were lost, {} answers were given again, {} batches "
             "waited and {} were full\n",
             sum.records, sum.epochs, sum.lives, sum.deaths, sum.leases_lost,
             sum.replayed, sum.waited, sum.full);
  // A simulation in which nothing goes wrong proves nothing.
  if (last - first >= 50) {
    BOOST_CHECK_GT(sum.lives, 2 * (last - first));
    BOOST_CHECK_GT(sum.epochs, sum.lives);
    BOOST_CHECK_GT(sum.deaths, 0);
    BOOST_CHECK_GT(sum.leases_lost, 0);
    BOOST_CHECK_GT(sum.replayed, 0);
    BOOST_CHECK_GT(sum.waited, 0);
    BOOST_CHECK_GT(sum.full, 0);
  }
}

BOOST_AUTO_TEST_CASE(a_service_seals_under_certificates_that_are_valid) {
  const auto [first, last] = seeds_wanted(20);
  service_result sum;
  for (auto seed = first; seed <= last; ++seed) {
    service_options options;
    options.seed = seed;
    options.seals = true;
    const auto result = live(options);
    expect_no_violation(options, result);
    sum.epochs += result.epochs;
    sum.ended += result.ended;
  }
  fmt::print("{} epochs, {} of which a certificate ended\n", sum.epochs,
             sum.ended);
  if (last - first >= 15)
    BOOST_CHECK_GT(sum.ended, 0);
}

BOOST_AUTO_TEST_CASE(the_same_seed_gives_the_same_service) {
  for (const std::uint64_t seed : {5, 55}) {
    service_options options;
    options.seed = seed;
    const auto first = live(options);
    BOOST_CHECK(!first.history.empty());
    BOOST_CHECK(first.history == live(options).history);
  }
}

// The n-th commit fails, for each n by hand, when CHANCERY_SIM_SEEDS is set.
BOOST_AUTO_TEST_CASE(whichever_commit_of_a_service_fails_nothing_is_lost) {
  service_options options;
  options.seed = 4;
  options.crashes = false;
  const bool by_hand = std::getenv("CHANCERY_SIM_SEEDS") != nullptr;
  BOOST_CHECK_GT(fail_each_commit(options, by_hand ? 1 : 17), 3);
}

BOOST_AUTO_TEST_CASE(without_arrivals_beside_the_records_a_rule_breaks) {
  expect_violation<service_options>("batch_size", 1, [](auto& options) {
    defence_switch::arrivals_with_records(options.defended) = false;
  });
}

BOOST_AUTO_TEST_CASE(without_marks_beside_the_records_a_retry_stores_again) {
  expect_violation<service_options>("stored twice", 161, [](auto& options) {
    defence_switch::requests_marked(options.defended) = false;
  });
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace chancery::tests
