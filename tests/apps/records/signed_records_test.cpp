// SPDX-License-Identifier: Apache-2.0
#include "apps/records/signed_records.hpp"

#include "tests/apps/stores.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(signed_records_test)

using namespace chancery;
using namespace chancery::apps;

BOOST_AUTO_TEST_CASE(signed_records_come_in_order_with_their_batch) {
  tests::small_store s;
  s.add_records(50);
  BOOST_REQUIRE(s.add_batch(20, 5, 2, 'b'));
  BOOST_REQUIRE(s.add_batch(3, 4, 1, 'a'));
  std::vector<std::uint64_t> ids;
  std::string keys;
  for_each_signature(*s.store, {}, false, [&](const signed_record& r) {
    ids.push_back(r.id);
    keys += static_cast<char>(r.batch.key[0]);
    BOOST_TEST(r.signature.size() == 64U);
    BOOST_TEST(std::to_integer<std::uint64_t>(r.signature[0]) == r.id);
    const auto record = r.view.record(r.id).value();
    BOOST_TEST(std::string(reinterpret_cast<const char*>(record.data()),
                           record.size()) == std::to_string(r.id));
  });
  BOOST_TEST(ids ==
             (std::vector<std::uint64_t>{3, 4, 5, 6, 20, 21, 22, 23, 24}));
  BOOST_TEST(keys == "aaaabbbbb");
}

BOOST_AUTO_TEST_CASE(a_walk_over_several_views_misses_nothing) {
  tests::small_store s;
  s.add_records(30'000);
  for (std::uint64_t first = 0; first < 30'000; first += 3'000)
    BOOST_REQUIRE(s.add_batch(first, 3'000, first + 1, 'a'));
  std::uint64_t next = 0;
  for_each_signature(*s.store, {}, false, [&](const signed_record& r) {
    if (r.id != next++)
      BOOST_ERROR("record " << r.id << " is out of order");
  });
  BOOST_TEST(next == 30'000U);
}

BOOST_AUTO_TEST_CASE(a_walk_that_is_stopped_ends_early) {
  tests::small_store s;
  s.add_records(10);
  BOOST_REQUIRE(s.add_batch(0, 5, 1, 'a'));
  BOOST_REQUIRE(s.add_batch(5, 5, 2, 'a'));
  std::atomic<bool> stop{false};
  std::uint64_t seen = 0;
  for_each_signature(*s.store, {}, stop, [&](const signed_record&) {
    ++seen;
    stop = true;
  });
  BOOST_TEST(seen == 5U); // a walk ends only between batches
}

BOOST_AUTO_TEST_SUITE_END()
