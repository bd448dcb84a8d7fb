// SPDX-License-Identifier: Apache-2.0
#include "tests/storage/fixtures.hpp"

#include <boost/test/unit_test.hpp>
#include <random>
#include <set>

namespace snapshot_ {

using namespace chancery::storage;
using namespace chancery::tests;

namespace {

struct fixture {
  temp_folder folder;
  record_store store = new_store(folder.path() / "records");
};

} // namespace

} // namespace snapshot_

BOOST_FIXTURE_TEST_SUITE(snapshot_, fixture)

BOOST_AUTO_TEST_CASE(a_new_store_is_empty) {
  const auto view = store.read();
  BOOST_TEST(view.record_count() == 0u);
  BOOST_TEST(view.signature_count() == 0u);
  BOOST_TEST(view.batch_count() == 0u);
  BOOST_TEST(view.event_count() == 0u);
  BOOST_TEST(!view.record(0).has_value());
  BOOST_TEST(!view.signature(0).has_value());
  BOOST_TEST(!view.batch_of(0).has_value());
  BOOST_TEST(!view.next_batch_start(0).has_value());
  BOOST_TEST(!view.next_batch_start(UINT64_MAX).has_value());
  BOOST_TEST(!view.last_epoch().has_value());
  BOOST_TEST(view.first_unsigned(0) == 0u);
  BOOST_TEST(view.first_unsigned(17) == 17u);
}

BOOST_AUTO_TEST_CASE(what_was_stored_is_read) {
  add_records(store, 20);
  BOOST_TEST(sign(store, 5, 10));
  const auto view = store.read();
  BOOST_TEST(view.record_count() == 20u);
  BOOST_TEST(view.signature_count() == 10u);
  BOOST_TEST(view.batch_count() == 1u);
  BOOST_TEST(same(view.record(19).value(), record_of(19)));
  BOOST_TEST(!view.record(20).has_value());
  BOOST_TEST(same(view.signature(14).value(), signatures_of(14, 1)));
  BOOST_TEST(!view.signature(4).has_value());
  BOOST_TEST(!view.signature(15).has_value());
  BOOST_TEST((view.batch_of(5) == row_of(5, 10)));
  BOOST_TEST((view.batch_of(14) == row_of(5, 10)));
  BOOST_TEST(!view.batch_of(4).has_value());
  BOOST_TEST(!view.batch_of(15).has_value());
}

BOOST_AUTO_TEST_CASE(a_snapshot_stands_still_until_it_is_renewed) {
  add_records(store, 4);
  auto view = store.read();
  BOOST_TEST(view.record_count() == 4u);
  add_records(store, 2);
  BOOST_TEST(sign(store, 0, 6));
  BOOST_TEST(view.record_count() == 4u);
  BOOST_TEST(view.signature_count() == 0u);
  BOOST_TEST(!view.record(5).has_value());
  view.renew();
  BOOST_TEST(view.record_count() == 6u);
  BOOST_TEST(view.signature_count() == 6u);
  BOOST_TEST(view.record(5).has_value());
}

BOOST_AUTO_TEST_CASE(gaps_are_found_as_a_model_finds_them) {
  constexpr std::uint64_t records = 400;
  add_records(store, records);
  std::mt19937 random(1);
  std::vector<bool> is_signed(records + 1, false);
  std::set<std::uint64_t> starts;
  for (int round = 0; round < 60; ++round) {
    const std::uint64_t first = random() % records;
    const auto count = static_cast<std::uint32_t>(
        1 + random() % std::min<std::uint64_t>(12, records - first));
    bool fits = true;
    for (std::uint64_t id = first; id < first + count; ++id)
      fits = fits && !is_signed[id];
    BOOST_TEST(sign(store, first, count) == fits);
    for (std::uint64_t id = first; fits && id < first + count; ++id)
      is_signed[id] = true;
    if (fits)
      starts.insert(first);
  }
  const auto view = store.read();
  for (std::uint64_t from = 0; from < records; ++from) {
    std::uint64_t expected = from;
    while (is_signed[expected])
      ++expected;
    BOOST_TEST(view.first_unsigned(from) == expected);
    BOOST_TEST(view.batch_of(from).has_value() == is_signed[from]);
    BOOST_TEST(view.signature(from).has_value() == is_signed[from]);
    const auto next = starts.upper_bound(from);
    BOOST_TEST(view.next_batch_start(from).has_value() ==
               (next != starts.end()));
    if (next != starts.end())
      BOOST_TEST(view.next_batch_start(from).value() == *next);
  }
}

BOOST_AUTO_TEST_CASE(the_first_unsigned_may_be_past_the_last_record) {
  add_records(store, 10);
  BOOST_TEST(sign(store, 0, 4));
  BOOST_TEST(sign(store, 4, 6));
  BOOST_TEST(store.read().first_unsigned(0) == 10u);
  BOOST_TEST(store.read().first_unsigned(7) == 10u);
  BOOST_TEST(store.read().first_unsigned(30) == 30u);
}

BOOST_AUTO_TEST_CASE(the_last_epoch_is_known_without_a_walk) {
  const auto append = [&](const event& e) {
    auto txn = store.write();
    const auto sequence = txn.append_event(as_bytes(encode(e)));
    txn.commit();
    return sequence;
  };
  BOOST_TEST(append(epoch_opened{}) == 0u);
  BOOST_TEST(store.read().last_epoch().value() == 0u);
  BOOST_TEST(append(lease_returned{3}) == 1u);
  BOOST_TEST(append(epoch_closed{}) == 2u);
  BOOST_TEST(store.read().last_epoch().value() == 0u);
  BOOST_TEST(append(epoch_opened{.epoch = 2}) == 3u);
  BOOST_TEST(append(lease_lent{}) == 4u);
  const auto view = store.read();
  BOOST_TEST(view.last_epoch().value() == 3u);
  BOOST_TEST(view.event_count() == 5u);
  auto at = view.walk(table::journal);
  BOOST_TEST(at.seek(3));
  BOOST_TEST((decode_event(at.value()) == event(epoch_opened{.epoch = 2})));
  BOOST_TEST(append(epoch_opened{.epoch = 3, .max_wait_ms = 250}) == 5u);
  BOOST_TEST(store.read().last_epoch().value() == 5u);
}

BOOST_AUTO_TEST_CASE(an_aborted_epoch_is_not_the_last_one) {
  {
    auto txn = store.write();
    txn.append_event(as_bytes(encode(event(epoch_opened{}))));
    BOOST_TEST(txn.last_epoch().value() == 0u);
  }
  BOOST_TEST(!store.read().last_epoch().has_value());
}

BOOST_AUTO_TEST_CASE(many_snapshots_may_be_open_in_one_thread) {
  add_records(store, 1);
  std::vector<snapshot> views;
  for (int i = 0; i < 100; ++i)
    views.push_back(store.read());
  for (const auto& view : views)
    BOOST_TEST(view.record_count() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
