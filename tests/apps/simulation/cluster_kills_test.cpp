// SPDX-License-Identifier: Apache-2.0
#include "apps/simulation/cluster_kills.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(cluster_kills_test)

using namespace chancery::apps;

namespace {

std::uint64_t count(const std::vector<planned_kill>& plan, harm kind) {
  return static_cast<std::uint64_t>(
      std::count_if(plan.begin(), plan.end(),
                    [kind](const auto& kill) { return kill.kind == kind; }));
}

} // namespace

BOOST_AUTO_TEST_CASE(each_kind_has_its_third) {
  const auto plan = plan_kills(1, 12, 1'000);
  BOOST_TEST(plan.size() == 12u);
  BOOST_TEST(count(plan, harm::stop_worker) == 4u);
  BOOST_TEST(count(plan, harm::kill_worker) == 4u);
  BOOST_TEST(count(plan, harm::kill_coordinator) == 4u);
  BOOST_TEST((plan[2].kind == harm::stop_worker));
  BOOST_TEST((plan[11].kind == harm::stop_worker));
}

BOOST_AUTO_TEST_CASE(the_last_is_a_stop) {
  for (std::uint64_t kills = 1; kills < 10; ++kills)
    BOOST_TEST((plan_kills(1, kills, 1'000).back().kind == harm::stop_worker));
}

BOOST_AUTO_TEST_CASE(moments_are_in_order_and_in_the_middle_of_the_work) {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    const auto plan = plan_kills(seed, 9, 100'000);
    BOOST_TEST(std::is_sorted(
        plan.begin(), plan.end(),
        [](const auto& a, const auto& b) { return a.records < b.records; }));
    BOOST_TEST(plan.front().records >= 3'000u);
    BOOST_TEST(plan.back().records <= 85'000u);
  }
}

BOOST_AUTO_TEST_CASE(the_seed_decides) {
  const auto same = [](std::uint64_t a, std::uint64_t b) {
    const auto one = plan_kills(a, 6, 200'000);
    const auto other = plan_kills(b, 6, 200'000);
    return std::equal(one.begin(), one.end(), other.begin(), other.end(),
                      [](const auto& x, const auto& y) {
                        return x.kind == y.kind && x.records == y.records &&
                               x.draw == y.draw && x.away == y.away;
                      });
  };
  BOOST_TEST(same(7, 7));
  BOOST_TEST(!same(7, 8));
}

BOOST_AUTO_TEST_CASE(no_kills_are_an_empty_plan) {
  BOOST_TEST(plan_kills(1, 0, 100).empty());
}

BOOST_AUTO_TEST_SUITE_END()
