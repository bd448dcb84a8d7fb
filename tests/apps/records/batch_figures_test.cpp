// SPDX-License-Identifier: Apache-2.0
#include "apps/records/batch_figures.hpp"

#include "tests/apps/stores.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(batch_figures_test)

using namespace chancery;
using namespace chancery::apps;

namespace {

constexpr std::uint64_t fence(std::uint64_t epoch, std::uint64_t counter) {
  return epoch << 32 | counter;
}

crypto::key_id key(std::uint8_t byte) {
  crypto::key_id id;
  id.fill(byte);
  return id;
}

} // namespace

BOOST_AUTO_TEST_CASE(an_empty_store_has_no_figures) {
  tests::small_store s;
  const auto figures = count_batches(*s.store, 1);
  BOOST_TEST(figures.keys.empty());
  BOOST_TEST(figures.epoch_batches == 0U);
}

BOOST_AUTO_TEST_CASE(uses_and_the_last_use_are_counted_for_each_key) {
  tests::small_store s;
  s.add_records(100);
  BOOST_REQUIRE(s.add_batch(0, 10, fence(1, 1), 'a', 5));
  BOOST_REQUIRE(s.add_batch(10, 5, fence(1, 2), 'b', 9));
  BOOST_REQUIRE(s.add_batch(40, 7, fence(2, 1), 'a', 3));
  auto figures = count_batches(*s.store, 2);
  BOOST_TEST(figures.keys.size() == 2U);
  BOOST_TEST(figures.keys[key('a')].batches == 2U);
  BOOST_TEST(figures.keys[key('a')].signatures == 17U);
  BOOST_TEST(figures.keys[key('a')].last_used_ms == 5U);
  BOOST_TEST(figures.keys[key('b')].signatures == 5U);
  BOOST_TEST(figures.epoch_batches == 1U);
  BOOST_TEST(figures.epoch_signatures == 7U);
  BOOST_TEST(figures.epoch_last_ms == 3U);
}

BOOST_AUTO_TEST_CASE(more_batches_than_one_view_shows_are_all_counted) {
  tests::small_store s;
  constexpr std::uint64_t count = 20'001;
  s.add_records(count);
  storage::batch_row row;
  row.count = 1;
  const std::string signature(64, 'x');
  auto t = s.store->write();
  for (row.first = 0; row.first < count; ++row.first) {
    row.fence = fence(1, row.first + 1);
    BOOST_REQUIRE(t.put_batch(row, tests::bytes_of(signature)));
  }
  t.commit();
  const auto figures = count_batches(*s.store, 1);
  BOOST_TEST(figures.epoch_batches == count);
  BOOST_TEST(figures.epoch_signatures == count);
}

BOOST_AUTO_TEST_SUITE_END()
