// SPDX-License-Identifier: Apache-2.0
// Each defence is switched off, and the simulation must then find a life in
// which a rule of signing is broken: otherwise the defence or the simulation
// would be useless.
#include "tests/defence_switch.hpp"

#include <boost/test/unit_test.hpp>

#include "lives.hpp"
#include "signing_world.hpp"

namespace chancery::tests {

BOOST_AUTO_TEST_SUITE(defences_test)

BOOST_AUTO_TEST_CASE(without_the_fence_check_on_results_a_rule_breaks) {
  expect_violation<world_options>("stored lease", 1, [](auto& options) {
    defence_switch::result_fences(options.defended) = false;
  });
}

BOOST_AUTO_TEST_CASE(without_the_fence_check_on_returns_a_rule_breaks) {
  expect_violation<world_options>("key_exclusive", 1, [](auto& options) {
    defence_switch::return_fences(options.defended) = false;
  });
}

BOOST_AUTO_TEST_CASE(without_the_journal_first_a_rule_breaks) {
  expect_violation<world_options>("one_key_per_batch", 1, [](auto& options) {
    defence_switch::journal_first(options.defended) = false;
  });
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace chancery::tests
