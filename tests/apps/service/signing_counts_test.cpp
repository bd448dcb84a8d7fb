// SPDX-License-Identifier: Apache-2.0
#include "apps/service/signing_counts.hpp"

#include "tests/apps/stores.hpp"

#include <boost/test/unit_test.hpp>

#include <numeric>

BOOST_AUTO_TEST_SUITE(signing_counts_test)

using namespace chancery;
using namespace chancery::tests;
using storage::short_reason;

namespace {

storage::batch_row row_at(std::uint64_t first, short_reason reason) {
  storage::batch_row row;
  row.first = first;
  row.count = 1;
  row.reason = reason;
  return row;
}

} // namespace

BOOST_FIXTURE_TEST_CASE(batches_are_counted_by_reason_and_wait, small_store) {
  auto transaction = store->write();
  const auto first = transaction.record_count();
  for (int i = 0; i < 40; ++i)
    transaction.append_record(std::vector<std::byte>(1));
  transaction.put_arrival({first, 40, 1'000});
  transaction.commit();
  apps::signing_counts counts;
  counts.add({row_at(first, short_reason::waited),
              row_at(first + 1, short_reason::full)},
             store->read(), 1'250);
  std::vector<storage::batch_row> many;
  for (std::uint64_t i = 2; i < 40; ++i)
    many.push_back(row_at(first + i, short_reason::full));
  counts.add(many, store->read(), 900'000); // of 38, 16 are asked
  const auto figures = counts.read();
  BOOST_TEST(
      figures.batches.at(static_cast<std::size_t>(short_reason::waited)) == 1u);
  BOOST_TEST(figures.batches.at(static_cast<std::size_t>(short_reason::full)) ==
             39u);
  BOOST_TEST(figures.waits.at(3) == 2u); // up to 0.3 s
  BOOST_TEST(figures.waits.back() == 16u);
  BOOST_TEST(std::accumulate(figures.waits.begin(), figures.waits.end(),
                             std::uint64_t{0}) == 18u);
}

BOOST_AUTO_TEST_SUITE_END()
