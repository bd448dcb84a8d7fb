// SPDX-License-Identifier: Apache-2.0
// Many lives of a cluster. CHANCERY_SIM_SEEDS sets their number,
// CHANCERY_SIM_SEED runs one alone. Each defence of leases across hosts is also
// switched off: the simulation must then find a life in which two hosts use one
// key.
#include "tests/defence_switch.hpp"

#include <boost/test/unit_test.hpp>

#include "cluster_world.hpp"
#include "lives.hpp"

#include <fmt/format.h>

#include <functional>
#include <string>

namespace chancery::tests {

BOOST_AUTO_TEST_SUITE(cluster_simulation_test)

namespace {

/// With a worker that keeps its units: more than a run needs where leases end.
constexpr int keeper_steps_max = 40'000;

} // namespace

BOOST_AUTO_TEST_CASE(on_many_hosts_every_record_is_signed_once) {
  const auto [first, last] = seeds_wanted(100);
  fmt::print("seeds {} to {}\n", first, last);
  cluster_result sum;
  for (auto seed = first; seed <= last; ++seed) {
    cluster_options options;
    options.seed = seed;
    const auto result = live(options);
    BOOST_CHECK_MESSAGE(
        !result.violation,
        fmt::format("seed {}: {}", seed, result.violation.value_or("")));
    sum.records += result.records;
    sum.epochs += result.epochs;
    sum.connections += result.connections;
    sum.cuts += result.cuts;
    sum.pauses += result.pauses;
    sum.deaths += result.deaths;
    sum.renewals += result.renewals;
    sum.late_units += result.late_units;
    sum.late_results += result.late_results;
    sum.leases_lost += result.leases_lost;
    sum.lies += result.lies;
    sum.refused += result.refused;
  }
  fmt::print("{} records in {} epochs over {} connections: {} were cut, "
             "workers paused {} times and died {} times, {} leases were "
             "lost, {} renewals, {} units discarded, {} results refused, {} "
             "units were wrong and {} workers refused for it\n",
             sum.records, sum.epochs, sum.connections, sum.cuts, sum.pauses,
             sum.deaths, sum.leases_lost, sum.renewals, sum.late_units,
             sum.late_results, sum.lies, sum.refused);
  // A simulation in which nothing goes wrong proves nothing.
  if (last - first >= 90) {
    BOOST_CHECK_GT(sum.epochs, last - first + 1);
    BOOST_CHECK_GT(sum.cuts, 0);
    BOOST_CHECK_GT(sum.pauses, 0);
    BOOST_CHECK_GT(sum.leases_lost, 0);
    BOOST_CHECK_GT(sum.renewals, 0);
    BOOST_CHECK_GT(sum.late_units, 0);
    BOOST_CHECK_GT(sum.late_results, 0);
    BOOST_CHECK_GT(sum.lies, 0);
    BOOST_CHECK_GT(sum.refused, 0);
  }
}

BOOST_AUTO_TEST_CASE(the_same_seed_gives_the_same_history_on_many_hosts) {
  for (const std::uint64_t seed : {7, 77, 777}) {
    cluster_options options;
    options.seed = seed;
    const auto first = live(options);
    const auto again = live(options);
    BOOST_CHECK(!first.history.empty());
    BOOST_CHECK(first.history == again.history);
    BOOST_CHECK_EQUAL(first.connections, again.connections);
    options.seed = seed + 1;
    BOOST_CHECK(first.history != live(options).history);
  }
}

BOOST_AUTO_TEST_CASE(a_lease_that_counts_from_its_arrival_is_used_by_two) {
  expect_violation<cluster_options>("key_exclusive", 131, [](auto& options) {
    options.count_from_asking = false;
  });
}

BOOST_AUTO_TEST_CASE(without_the_wait_after_a_restart_a_key_is_used_by_two) {
  expect_violation<cluster_options>(
      "key_exclusive", 178, [](auto& options) { options.quarantine = false; });
}

BOOST_AUTO_TEST_CASE(a_gateways_end_taken_for_its_leases_end_gives_two_users) {
  expect_violation<cluster_options>("key_exclusive", 691, [](auto& options) {
    defence_switch::remote_leases_stay(options.defended) = false;
  });
}

// It hands nothing in, and renews its leases: the others finish all the same.
BOOST_AUTO_TEST_CASE(a_worker_that_keeps_its_units_holds_up_no_run) {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    cluster_options options;
    options.seed = seed;
    options.keeper = true;
    options.steps_max = keeper_steps_max;
    const auto result = live(options);
    BOOST_CHECK_MESSAGE(
        !result.violation,
        fmt::format("seed {}: {}", seed, result.violation.value_or("")));
  }
}

BOOST_AUTO_TEST_CASE(where_leases_live_for_ever_a_worker_holds_up_a_run) {
  expect_violation<cluster_options>("liveness", 1, [](auto& options) {
    options.keeper = true;
    options.steps_max = keeper_steps_max;
    defence_switch::lease_lives(options.defended) = false;
  });
}

BOOST_AUTO_TEST_CASE(unverified_units_of_other_hosts_are_stored_wrong) {
  expect_violation<cluster_options>(
      "one_signature_per_record", 1, [](auto& options) {
        defence_switch::remote_units(options.defended) = false;
      });
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace chancery::tests
