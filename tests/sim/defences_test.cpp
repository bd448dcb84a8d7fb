// SPDX-License-Identifier: Apache-2.0
// Each defence is switched off, and the simulation must then find a life in
// which a rule of signing is broken: otherwise the defence or the simulation
// would be useless.
#include "tests/defence_switch.hpp"

#include <boost/test/unit_test.hpp>

#include "signing_world.hpp"

#include <fmt/format.h>

#include <functional>
#include <string>

namespace chancery::tests {

BOOST_AUTO_TEST_SUITE(defences_test)

namespace {

constexpr std::uint64_t seeds_max = 500;

// `rule` is the start of the checker's sentence.
void expect_a_violation(const std::string& rule,
                        const std::function<void(world_options&)>& switch_off) {
  for (std::uint64_t seed = 1; seed <= seeds_max; ++seed) {
    world_options options;
    options.seed = seed;
    switch_off(options);
    if (const auto result = live(options);
        result.violation && result.violation->starts_with(rule)) {
      fmt::print("seed {}: {}\n", seed, *result.violation);
      return;
    }
  }
  BOOST_ERROR("no seed shows what this defence prevents");
}

} // namespace

BOOST_AUTO_TEST_CASE(without_the_fence_check_on_results_a_rule_breaks) {
  expect_a_violation("stored lease", [](world_options& options) {
    defence_switch::result_fences(options.defended) = false;
  });
}

BOOST_AUTO_TEST_CASE(without_the_fence_check_on_returns_a_rule_breaks) {
  expect_a_violation("key_exclusive", [](world_options& options) {
    defence_switch::return_fences(options.defended) = false;
  });
}

BOOST_AUTO_TEST_CASE(without_the_journal_first_a_rule_breaks) {
  expect_a_violation("one_key_per_batch", [](world_options& options) {
    defence_switch::journal_first(options.defended) = false;
  });
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace chancery::tests
