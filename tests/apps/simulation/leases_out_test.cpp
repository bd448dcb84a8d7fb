// SPDX-License-Identifier: Apache-2.0
#include "apps/simulation/leases_out.hpp"

#include "tests/apps/stores.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(leases_out_test)

using namespace chancery;

namespace {

struct journal : tests::small_store {
  void add(const storage::event& event) {
    auto t = store->write();
    t.append_event(tests::bytes_of(storage::encode(event)));
    t.commit();
  }

  void lend(std::uint64_t fence, const std::string& borrower) {
    storage::lease_lent lent;
    lent.fence = fence;
    lent.remote = true;
    lent.ttl_ms = 1'000;
    lent.borrower = borrower;
    add(lent);
  }
};

} // namespace

BOOST_AUTO_TEST_CASE(a_lease_is_out_until_it_is_returned_or_lost) {
  journal j;
  apps::leases_out out;
  out.look(*j.store);
  BOOST_TEST(out.of("a") == 0u);
  j.lend(1, "a");
  j.lend(2, "a");
  j.lend(3, "b");
  BOOST_TEST(out.of("a") == 0u); // not looked yet
  out.look(*j.store);
  BOOST_TEST(out.of("a") == 2u);
  BOOST_TEST(out.of("b") == 1u);
  j.add(storage::lease_returned{1});
  j.add(storage::lease_lost{3});
  out.look(*j.store);
  BOOST_TEST(out.of("a") == 1u);
  BOOST_TEST(out.of("b") == 0u);
  j.add(storage::leases_lent{4, true, 9, {{1}, {2}, {3}}, "b"});
  j.add(storage::leases_returned{{2, 5}});
  out.look(*j.store);
  BOOST_TEST(out.of("a") == 0u);
  BOOST_TEST(out.of("b") == 2u);
}

BOOST_AUTO_TEST_CASE(another_run_begins_without_leases) {
  journal j;
  j.lend(1, "a");
  j.add(storage::epoch_opened{.epoch = 2, .batch_size = 1});
  apps::leases_out out;
  out.look(*j.store);
  BOOST_TEST(out.of("a") == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
