// SPDX-License-Identifier: Apache-2.0
#include "actors/signing/epoch.hpp"

#include "tests/actors/fixture.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(epoch_test)

using namespace chancery;
using namespace chancery::tests;
using namespace std::chrono_literals;
using actors::epoch_options;
using actors::open_epoch;

namespace {

void append(storage::record_store& store, const storage::event& e) {
  const auto bytes = storage::encode(e);
  auto transaction = store.write();
  transaction.append_event(bytes_of(bytes));
  transaction.commit();
}

storage::event last_event(const storage::record_store& store) {
  const auto view = store.read();
  auto journal = view.walk(storage::table::journal);
  BOOST_REQUIRE(journal.seek(view.event_count() - 1));
  return storage::decode_event(journal.value());
}

epoch_options remote_epoch() {
  epoch_options options;
  options.remote_possible = true;
  options.ttl_ms_max = 30'000;
  return options;
}

} // namespace

BOOST_AUTO_TEST_CASE(the_first_epoch_begins_with_the_keyrings_order) {
  store_fixture f(12);
  epoch_options options;
  options.batch_size = 77;
  options.provider = 2;
  options.id.fill(9);
  options.time_ms = 123;
  const auto opened = open_epoch(f.store, names_of(3), options);
  BOOST_TEST(opened.entry.epoch == 1u);
  BOOST_TEST(opened.entry.batch_size == 77u);
  BOOST_TEST(opened.entry.provider == 2u);
  BOOST_TEST((opened.entry.id == options.id));
  BOOST_TEST(opened.entry.time_ms == 123u);
  BOOST_TEST(opened.entry.records == 12u);
  BOOST_TEST((opened.entry.key_order == names_of(3)));
  BOOST_TEST((opened.quarantine == 0ms));
  // It is on disk before anybody can lend.
  BOOST_TEST((last_event(f.store) == storage::event(opened.entry)));
}

BOOST_AUTO_TEST_CASE(the_next_epoch_takes_up_the_order_that_the_last_one_left) {
  store_fixture f(1);
  open_epoch(f.store, names_of(3), {});
  append(f.store,
         storage::lease_lent{fence_of(1, 1), name_of(1), false, 0, ""});
  const auto second =
      open_epoch(f.store, {name_of(1), name_of(3), name_of(4)}, {});
  BOOST_TEST(second.entry.epoch == 2u);
  const std::vector<storage::key_name> order{name_of(4), name_of(3),
                                             name_of(1)};
  BOOST_TEST((second.entry.key_order == order));
  BOOST_TEST((open_epoch(f.store, order, {}).entry.key_order == order));
}

BOOST_AUTO_TEST_CASE(only_an_unclosed_remote_epoch_is_waited_for) {
  store_fixture f(1);
  BOOST_TEST(
      (open_epoch(f.store, names_of(1), remote_epoch()).quarantine == 0ms));
  const auto after_crash = open_epoch(f.store, names_of(1), remote_epoch());
  BOOST_TEST((after_crash.quarantine == 33'000ms + 1'000ms));
  append(f.store, storage::epoch_closed{after_crash.entry.epoch, 0});
  BOOST_TEST((open_epoch(f.store, names_of(1), {}).quarantine == 0ms));
  // The last epoch was local: its leases ended with its process.
  BOOST_TEST((open_epoch(f.store, names_of(1), {}).quarantine == 0ms));
}

BOOST_AUTO_TEST_CASE(a_quarantine_stays_owed_until_an_epoch_closes) {
  store_fixture f(1);
  open_epoch(f.store, names_of(1), remote_epoch());
  // A local epoch that ends within the quarantine owes it to the next one.
  const auto local = open_epoch(f.store, names_of(1), {});
  BOOST_TEST((local.quarantine == 33'000ms + 1'000ms));
  const auto next = open_epoch(f.store, names_of(1), {});
  BOOST_TEST((next.quarantine == 33'000ms + 1'000ms));
  append(f.store, storage::epoch_closed{next.entry.epoch, 0});
  BOOST_TEST((open_epoch(f.store, names_of(1), {}).quarantine == 0ms));
}

BOOST_AUTO_TEST_CASE(what_is_verified_of_workers_follows_the_first_entry) {
  store_fixture f(1);
  auto options = remote_epoch();
  options.verification = {storage::worker_policy::sample, 100};
  const auto opened = open_epoch(f.store, names_of(1), options);
  BOOST_TEST(f.store.read().event_count() == 2u);
  BOOST_TEST((f.store.read().last_epoch() == 0u));
  const storage::workers_verified expected{opened.entry.epoch,
                                           storage::worker_policy::sample, 100};
  BOOST_TEST((last_event(f.store) == storage::event(expected)));
  // The next epoch finds the order and the terms of this one all the same.
  BOOST_TEST((open_epoch(f.store, names_of(1), {}).quarantine == 34'000ms));
}

BOOST_AUTO_TEST_CASE(a_service_says_how_long_a_record_may_wait) {
  store_fixture f(1);
  epoch_options options;
  options.max_wait_ms = 250;
  const auto opened = open_epoch(f.store, names_of(1), options);
  BOOST_TEST(opened.entry.max_wait_ms.value() == 250u);
  BOOST_TEST((last_event(f.store) == storage::event(opened.entry)));
  // A job may follow, and knows the epoch before.
  const auto next = open_epoch(f.store, names_of(1), {});
  BOOST_TEST(next.entry.epoch == opened.entry.epoch + 1);
  BOOST_TEST(!next.entry.max_wait_ms.has_value());
}

BOOST_AUTO_TEST_CASE(a_share_that_does_not_fit_its_policy_is_refused) {
  store_fixture f(1);
  epoch_options options;
  options.verification = {storage::worker_policy::all, 2};
  BOOST_CHECK_THROW(open_epoch(f.store, names_of(1), options),
                    std::invalid_argument);
  options.verification = {storage::worker_policy::sample, 0};
  BOOST_CHECK_THROW(open_epoch(f.store, names_of(1), options),
                    std::invalid_argument);
  options.verification = {storage::worker_policy::none, 2};
  BOOST_CHECK_THROW(open_epoch(f.store, names_of(1), options),
                    std::invalid_argument);
  BOOST_TEST(f.store.read().event_count() == 0u);
  // A local epoch states nothing.
  open_epoch(f.store, names_of(1), {});
  BOOST_TEST(f.store.read().event_count() == 1u);
}

BOOST_AUTO_TEST_CASE(a_withdrawal_cancels_no_quarantine) {
  store_fixture f(1);
  const auto opened = open_epoch(f.store, names_of(1), remote_epoch());
  storage::signatures_withdrawn e;
  e.row.count = 1;
  e.row.fence = fence_of(opened.entry.epoch, 1);
  e.runs = {{0, 1}};
  append(f.store, e);
  BOOST_TEST((open_epoch(f.store, names_of(1), {}).quarantine == 34'000ms));
}

BOOST_AUTO_TEST_CASE(no_active_key_is_an_error_and_writes_nothing) {
  store_fixture f(1);
  BOOST_CHECK_THROW(open_epoch(f.store, {}, {}), std::invalid_argument);
  BOOST_TEST(f.store.read().event_count() == 0u);
}

BOOST_AUTO_TEST_CASE(the_last_epoch_number_is_not_exceeded) {
  store_fixture f(1);
  storage::epoch_opened last;
  last.epoch = ~0u;
  last.batch_size = 1;
  last.key_order = names_of(1);
  append(f.store, last);
  BOOST_CHECK_THROW(open_epoch(f.store, names_of(1), {}), std::overflow_error);
}

BOOST_AUTO_TEST_SUITE_END()
