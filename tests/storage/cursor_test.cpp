// SPDX-License-Identifier: Apache-2.0
#include "tests/storage/fixtures.hpp"

#include <boost/test/unit_test.hpp>
#include <optional>

namespace cursor_ {

using namespace chancery::storage;
using namespace chancery::tests;

namespace {

struct fixture {
  temp_folder folder;
  record_store store = new_store(folder.path() / "records");
};

} // namespace

} // namespace cursor_

BOOST_FIXTURE_TEST_SUITE(cursor_, fixture)

BOOST_AUTO_TEST_CASE(an_empty_table_has_nothing_to_find) {
  const auto view = store.read();
  for (const table t :
       {table::records, table::signatures, table::batches, table::journal}) {
    auto at = view.walk(t);
    BOOST_TEST(!at.seek(0));
    BOOST_TEST(!at.seek_back(UINT64_MAX));
    BOOST_TEST(!at.next());
    BOOST_CHECK_THROW(at.key(), std::logic_error);
    BOOST_CHECK_THROW(at.value(), std::logic_error);
  }
}

BOOST_AUTO_TEST_CASE(a_walk_is_in_the_order_of_numbers) {
  add_records(store, 1000); // past 255, where byte order shows
  const auto view = store.read();
  auto at = view.walk(table::records);
  std::uint64_t expected = 0;
  for (bool there = at.seek(0); there; there = at.next()) {
    BOOST_TEST(at.key() == expected);
    BOOST_TEST(same(at.value(), record_of(expected)));
    ++expected;
  }
  BOOST_TEST(expected == 1000u);
}

BOOST_AUTO_TEST_CASE(seeking_finds_the_next_and_seeking_back_the_one_before) {
  add_records(store, 100);
  for (const unsigned first : {70u, 10u, 40u})
    BOOST_TEST(sign(store, first, 5));
  const auto view = store.read();
  auto at = view.walk(table::batches);
  BOOST_TEST(at.seek(0));
  BOOST_TEST(at.key() == 10u);
  BOOST_TEST(at.seek(11));
  BOOST_TEST(at.key() == 40u);
  BOOST_TEST(at.seek(40));
  BOOST_TEST(at.key() == 40u);
  BOOST_TEST(!at.seek(71));
  BOOST_TEST(!at.seek_back(9));
  BOOST_TEST(at.seek_back(10));
  BOOST_TEST(at.key() == 10u);
  BOOST_TEST(at.seek_back(69));
  BOOST_TEST(at.key() == 40u);
  BOOST_TEST(at.seek_back(UINT64_MAX));
  BOOST_TEST(at.key() == 70u);
}

BOOST_AUTO_TEST_CASE(a_cursor_of_before_a_renewal_is_refused) {
  add_records(store, 3);
  auto view = store.read();
  auto at = view.walk(table::records);
  BOOST_TEST(at.seek(0));
  view.renew();
  BOOST_CHECK_THROW(at.next(), std::logic_error);
  BOOST_TEST(view.walk(table::records).seek(0));
}

BOOST_AUTO_TEST_CASE(a_cursor_that_outlives_its_snapshot_is_refused) {
  add_records(store, 3);
  std::optional<cursor> at;
  {
    const auto view = store.read();
    at.emplace(view.walk(table::records));
    BOOST_TEST(at->seek(0));
  }
  BOOST_CHECK_THROW(at->next(), std::logic_error);
}

BOOST_AUTO_TEST_CASE(a_cursor_that_outlives_its_write_does_not_keep_it) {
  std::optional<cursor> at;
  {
    auto txn = store.write();
    txn.append_record(record_of(0));
    at.emplace(txn.walk(table::records));
    BOOST_TEST(at->seek(0));
  }
  BOOST_CHECK_THROW(at->next(), std::logic_error);
  add_records(store, 1); // would wait forever if the write were still open
}

BOOST_AUTO_TEST_CASE(cursors_of_a_write_see_what_it_put) {
  auto txn = store.write();
  auto at = txn.walk(table::records);
  BOOST_TEST(!at.seek(0));
  txn.append_record(record_of(0));
  BOOST_TEST(at.seek(0));
  BOOST_TEST(same(at.value(), record_of(0)));
}

BOOST_AUTO_TEST_SUITE_END()
