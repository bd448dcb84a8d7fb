// SPDX-License-Identifier: Apache-2.0
#include "actors/audit/worker_check.hpp"

#include "tests/actors/repair_fixture.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(worker_check_test)

using namespace chancery;
using namespace chancery::tests;

namespace {

/// Batches 0, 20 and 40 by w1, batch 10 by w2, batch 30 by this host.
forged_history workers_history() {
  auto h = honest_history();
  h.epoch(0).remote_possible = true;
  for (const std::size_t event : {1U, 2U, 4U, 8U}) {
    h.lease(event).remote = true;
    h.lease(event).borrower = event == 2 ? "w2" : "w1";
  }
  return h;
}

actors::worker_check_result check(const repair_fixture& f,
                                  const std::set<std::string>& workers,
                                  std::uint32_t epoch = 1) {
  const std::atomic<bool> never{false};
  return actors::check_workers(*f.store, crypto::public_half(f.keys), epoch,
                               workers, 2, never);
}

} // namespace

BOOST_AUTO_TEST_CASE(only_what_these_workers_signed_is_checked) {
  repair_fixture f(workers_history());
  BOOST_TEST(check(f, {"w1"}).checked == 25u);
  BOOST_TEST(check(f, {"w2"}).checked == 10u);
  BOOST_TEST(check(f, {"w1", "w2"}).checked == 35u);
  BOOST_TEST(check(f, {"w3"}).checked == 0u);
  BOOST_TEST(check(f, {}).checked == 0u);
  BOOST_TEST(check(f, {""}).checked == 0u);
  BOOST_TEST(check(f, {"w1"}, 2).checked == 0u);
  f.expect_passed();
}

BOOST_AUTO_TEST_CASE(their_wrong_signatures_are_found) {
  repair_fixture f(workers_history());
  for (const std::uint64_t id : {15U, 29U, 22U, 35U})
    f.damage(id);
  const auto result = check(f, {"w1"});
  BOOST_TEST(result.checked == 25u);
  BOOST_TEST(result.wrong == 2u);
  BOOST_TEST(result.first_wrong.value() == 22u);
  BOOST_TEST(check(f, {"w2"}).first_wrong.value() == 15u);
}

BOOST_AUTO_TEST_CASE(an_older_epoch_is_found_too) {
  repair_fixture f(crashed_history());
  BOOST_TEST(check(f, {"w1"}, 1).checked == 0u);
  auto h = crashed_history();
  h.epoch(0).remote_possible = true;
  h.lease(3).remote = true;
  h.lease(3).borrower = "w1";
  const repair_fixture remote(h);
  BOOST_TEST(check(remote, {"w1"}, 1).checked == 10u);
  BOOST_TEST(check(remote, {"w1"}, 2).checked == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
