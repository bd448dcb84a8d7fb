// SPDX-License-Identifier: Apache-2.0
// Lives of a data folder whose host stores a wrong signature now and then;
// between its epochs somebody repairs what is wrong.
#include "lives.hpp"
#include "signing_world.hpp"
#include "tests/defence_switch.hpp"

#include <boost/test/unit_test.hpp>
#include <fmt/format.h>

namespace chancery::tests {

BOOST_AUTO_TEST_SUITE(repair_simulation_test)

namespace {

world_options faulty_life(std::uint64_t seed) {
  world_options options;
  options.seed = seed;
  options.faulty_cores = true;
  return options;
}

} // namespace

BOOST_AUTO_TEST_CASE(wrong_signatures_are_repaired_between_epochs) {
  const auto [first, last] = seeds_wanted(60);
  fmt::print("seeds {} to {}\n", first, last);
  world_result sum;
  for (auto seed = first; seed <= last; ++seed) {
    const auto options = faulty_life(seed);
    const auto result = live(options);
    expect_no_violation(options, result);
    sum.epochs += result.epochs;
    sum.withdrawn += result.withdrawn;
    sum.detected += result.detected;
  }
  fmt::print("{} signatures were withdrawn in {} epochs, {} runs noticed a "
             "wrong one\n",
             sum.withdrawn, sum.epochs, sum.detected);
  if (last - first >= 50) {
    BOOST_CHECK_GT(sum.withdrawn, 50);
    BOOST_CHECK_GT(sum.detected, 0);
  }
}

BOOST_AUTO_TEST_CASE(the_same_seed_gives_the_same_repairs) {
  const auto first = live(faulty_life(7));
  const auto again = live(faulty_life(7));
  BOOST_CHECK(first.history == again.history);
  BOOST_CHECK_EQUAL(first.withdrawn, again.withdrawn);
}

BOOST_AUTO_TEST_CASE(whichever_commit_fails_a_repair_is_whole_or_absent) {
  auto options = faulty_life(5);
  options.crashes = false;
  BOOST_CHECK_GT(fail_each_commit(options), 3);
}

BOOST_AUTO_TEST_CASE(without_splitting_the_batch_a_rule_breaks) {
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    auto options = faulty_life(seed);
    defence_switch::whole_row_splitting(options.stored) = false;
    const auto result = live(options);
    if (!result.violation)
      continue; // nothing was wrong in this life
    BOOST_CHECK(result.violation->starts_with("one_") ||
                result.violation->starts_with("batch_"));
    fmt::print("seed {}: {}\n", seed, *result.violation);
    return;
  }
  BOOST_ERROR("no seed shows what this defence prevents");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace chancery::tests
