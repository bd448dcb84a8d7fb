// SPDX-License-Identifier: Apache-2.0
// Many lives of a data folder. CHANCERY_SIM_SEEDS sets their number,
// CHANCERY_SIM_SEED runs one alone.
#include "lives.hpp"
#include "signing_world.hpp"

#include <boost/test/unit_test.hpp>
#include <fmt/format.h>

#include <string>

namespace chancery::tests {

BOOST_AUTO_TEST_SUITE(simulation_test)

BOOST_AUTO_TEST_CASE(every_record_is_signed_once_whatever_happens) {
  const auto [first, last] = seeds_wanted(120);
  fmt::print("seeds {} to {}\n", first, last);
  world_result sum;
  for (auto seed = first; seed <= last; ++seed) {
    world_options options;
    options.seed = seed;
    const auto result = live(options);
    expect_no_violation(options, result);
    sum.records += result.records;
    sum.epochs += result.epochs;
    sum.deaths += result.deaths;
    sum.late_results += result.late_results;
    sum.late_returns += result.late_returns;
    sum.leases_lost += result.leases_lost;
  }
  fmt::print("{} records in {} epochs: {} signers died, {} leases were lost, "
             "{} results and {} returns came late\n",
             sum.records, sum.epochs, sum.deaths, sum.leases_lost,
             sum.late_results, sum.late_returns);
  // A simulation in which nothing goes wrong proves nothing.
  if (last - first >= 100) {
    BOOST_CHECK_GT(sum.epochs, last - first + 1);
    BOOST_CHECK_GT(sum.deaths, 0);
    BOOST_CHECK_GT(sum.leases_lost, 0);
    BOOST_CHECK_GT(sum.late_results, 0);
    BOOST_CHECK_GT(sum.late_returns, 0);
  }
}

BOOST_AUTO_TEST_CASE(the_same_seed_gives_the_same_history) {
  for (const std::uint64_t seed : {7, 77, 777}) {
    world_options options;
    options.seed = seed;
    const auto first = live(options);
    const auto again = live(options);
    BOOST_CHECK(!first.history.empty());
    BOOST_CHECK(first.history == again.history);
    options.seed = seed + 1;
    BOOST_CHECK(first.history != live(options).history);
  }
}

BOOST_AUTO_TEST_CASE(seals_are_made_under_certificates_that_are_valid) {
  const auto [first, last] = seeds_wanted(40);
  world_result sum;
  for (auto seed = first; seed <= last; ++seed) {
    world_options options;
    options.seed = seed;
    options.seals = true;
    const auto result = live(options);
    expect_no_violation(options, result);
    sum.epochs += result.epochs;
    sum.ended += result.ended;
    sum.certificates += result.certificates;
    sum.revoked += result.revoked;
  }
  fmt::print("{} epochs, {} of which a certificate ended; {} certificates, {} "
             "revoked\n",
             sum.epochs, sum.ended, sum.certificates, sum.revoked);
  if (last - first >= 30) {
    BOOST_CHECK_GT(sum.ended, 0);
    BOOST_CHECK_GT(sum.revoked, 0);
  }
}

BOOST_AUTO_TEST_CASE(an_epoch_beyond_its_certificates_is_found) {
  bool found = false;
  for (std::uint64_t seed = 1; seed <= 40 && !found; ++seed) {
    world_options options;
    options.seed = seed;
    options.seals = true;
    options.keeps_dates = false;
    const auto violation = live(options).violation;
    found = violation && violation->find("certificate") != std::string::npos;
  }
  BOOST_CHECK(found);
}

// The n-th commit fails, for n = 1, 2, 3, ... until a life has fewer commits.
BOOST_AUTO_TEST_CASE(whichever_commit_fails_nothing_is_lost) {
  for (const std::uint64_t seed : {3, 33}) {
    world_options options;
    options.seed = seed;
    options.crashes = false;
    for (const bool seals : {false, true}) {
      options.seals = seals;
      BOOST_CHECK_GT(fail_each_commit(options), 3);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace chancery::tests
