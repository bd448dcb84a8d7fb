// SPDX-License-Identifier: Apache-2.0
#include "actors/signing/worker_table.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(worker_table_test)

using chancery::actors::worker_table;

BOOST_AUTO_TEST_CASE(rows_stand_in_the_order_of_connecting) {
  worker_table table;
  table.enter("b");
  const auto second = table.enter("a");
  table.enter("b"); // the same worker again is another row
  BOOST_REQUIRE_EQUAL(table.rows().size(), 3u);
  BOOST_TEST(table.rows()[0].name == "b");
  BOOST_TEST(table.rows()[1].name == "a");
  BOOST_TEST(table.rows()[2].name == "b");
  BOOST_TEST((table.rows()[0].since <= table.rows()[2].since));
  table.leave(second);
  table.enter("c");
  BOOST_REQUIRE_EQUAL(table.rows().size(), 3u);
  BOOST_TEST(table.rows()[1].name == "b");
  BOOST_TEST(table.rows()[2].name == "c");
}

BOOST_AUTO_TEST_CASE(records_add_up_and_leases_are_as_they_are) {
  worker_table table;
  const auto one = table.enter("one");
  const auto two = table.enter("two");
  table.count(one, 100, 4);
  table.count(one, 20, 3);
  table.count(two, 7, 0);
  BOOST_TEST(table.rows()[0].records == 120u);
  BOOST_TEST(table.rows()[0].leases_out == 3u);
  BOOST_TEST(table.rows()[1].records == 7u);
}

BOOST_AUTO_TEST_CASE(who_has_left_leaves_nothing_and_changes_nothing) {
  worker_table table;
  const auto gone = table.enter("gone");
  table.leave(gone);
  const auto here = table.enter("here");
  BOOST_TEST(here != gone);
  table.count(gone, 5, 5);
  table.told_end(gone);
  table.leave(gone);
  BOOST_REQUIRE_EQUAL(table.rows().size(), 1u);
  BOOST_TEST(table.rows()[0].records == 0u);
  BOOST_TEST(!table.rows()[0].told_end);
}

BOOST_AUTO_TEST_CASE(all_know_the_end_once_each_was_told) {
  worker_table table;
  BOOST_TEST(table.all_told_end());
  const auto one = table.enter("one");
  const auto two = table.enter("two");
  table.told_end(one);
  BOOST_TEST(!table.all_told_end());
  table.told_end(two);
  BOOST_TEST(table.all_told_end());
  const auto three = table.enter("three");
  BOOST_TEST(!table.all_told_end());
  table.leave(three);
  BOOST_TEST(table.all_told_end());
}

BOOST_AUTO_TEST_SUITE_END()
