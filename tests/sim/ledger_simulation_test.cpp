// SPDX-License-Identifier: Apache-2.0
// Many lives of a ledger. CHANCERY_SIM_SEEDS sets their number,
// CHANCERY_SIM_SEED runs one alone.
#include "tests/defence_switch.hpp"

#include <boost/test/unit_test.hpp>

#include "ledger_world.hpp"
#include "lives.hpp"

#include <fmt/format.h>

namespace chancery::tests {

BOOST_AUTO_TEST_SUITE(ledger_simulation_test)

BOOST_AUTO_TEST_CASE(every_receipt_is_in_the_chain_once_whatever_happens) {
  const auto seeds = seeds_wanted(60);
  fmt::print("seeds {} to {}\n", seeds.first, seeds.last);
  ledger_world_result sum;
  for (auto seed = seeds.first; seed <= seeds.last; ++seed) {
    ledger_world_options options;
    options.seed = seed;
    const auto result = live(options);
    expect_no_violation(options, result);
    sum.messages += result.messages;
    sum.blocks += result.blocks;
    sum.lives += result.lives;
    sum.repeated += result.repeated;
    sum.refused += result.refused;
    sum.again += result.again;
  }
  fmt::print(
      "{} messages, {} blocks, {} lives of a node: {} messages were resent by "
      "their clients, {} answered as repeats, {} refused\n",
      sum.messages, sum.blocks, sum.lives, sum.again, sum.repeated,
      sum.refused);
  // A simulation in which nothing goes wrong proves nothing.
  if (seeds.last - seeds.first >= 50) {
    BOOST_CHECK_GT(sum.lives, seeds.last - seeds.first + 1);
    BOOST_CHECK_GT(sum.blocks, 0);
    BOOST_CHECK_GT(sum.again, 0);
    BOOST_CHECK_GT(sum.repeated, 0);
    BOOST_CHECK_GT(sum.refused, 0);
  }
}

BOOST_AUTO_TEST_CASE(the_same_seed_gives_the_same_chain) {
  for (const std::uint64_t seed : {7, 77, 777}) {
    ledger_world_options options;
    options.seed = seed;
    const auto first = live(options);
    const auto again = live(options);
    BOOST_CHECK(!first.history.empty());
    BOOST_CHECK(first.history == again.history);
    BOOST_CHECK_EQUAL(first.lives, again.lives);
    BOOST_CHECK_EQUAL(first.repeated, again.repeated);
    BOOST_CHECK_EQUAL(first.refused, again.refused);
  }
}

// The n-th commit fails, for n = 1, 2, 3, ... until a life has fewer commits.
BOOST_AUTO_TEST_CASE(whichever_commit_fails_no_receipt_is_lost) {
  for (const std::uint64_t seed : {3, 33}) {
    ledger_world_options options;
    options.seed = seed;
    options.crashes = false;
    const auto n = fail_each_commit(options);
    BOOST_CHECK_GT(n, 3);
  }
}

// Without the defence the simulation must find a life in which a message is in
// the chain twice: otherwise the defence or the simulation would be useless.
BOOST_AUTO_TEST_CASE(without_the_check_of_sequences_a_message_is_stored_twice) {
  expect_violation<ledger_world_options>("sequences_grow", 1, [](auto& o) {
    defence_switch::sequences(o.judged) = false;
    defence_switch::sequences(o.stored) = false;
  });
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace chancery::tests
