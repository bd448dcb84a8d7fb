// SPDX-License-Identifier: Apache-2.0
#include "apps/records/record_appender.hpp"

#include "tests/apps/stores.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(record_appender_test)

using namespace chancery;
using appender = apps::record_appender;

BOOST_AUTO_TEST_CASE(many_records_make_one_commit) {
  tests::small_store s;
  std::atomic<std::uint64_t> stored{0};
  appender a(*s.store, stored);
  for (std::uint64_t i = 0; i + 1 < appender::records_per_commit; ++i)
    a.append("x");
  BOOST_TEST(stored == 0U);
  a.append("last");
  BOOST_TEST(stored == appender::records_per_commit);
  BOOST_TEST(s.text(appender::records_per_commit - 1) == "last");
}

BOOST_AUTO_TEST_CASE(large_records_make_commits_sooner) {
  tests::small_store s;
  std::atomic<std::uint64_t> stored{0};
  appender a(*s.store, stored);
  const std::string large(appender::bytes_per_commit / 2, 'x');
  a.append(large);
  BOOST_TEST(stored == 0U);
  a.append(large);
  BOOST_TEST(stored == 2U);
}

BOOST_AUTO_TEST_CASE(without_flush_the_rest_is_not_stored) {
  tests::small_store s;
  std::atomic<std::uint64_t> stored{0};
  { appender(*s.store, stored).append("lost"); }
  BOOST_TEST(s.store->read().record_count() == 0U);
  appender a(*s.store, stored);
  a.append("kept");
  a.flush();
  a.flush();
  BOOST_TEST(stored == 1U);
  BOOST_TEST(s.text(0) == "kept");
}

BOOST_AUTO_TEST_CASE(a_full_database_keeps_what_was_counted) {
  tests::small_store s(std::size_t{4} << 20);
  std::atomic<std::uint64_t> stored{0};
  appender a(*s.store, stored);
  const std::string record(100, 'x');
  const auto fill = [&] {
    for (int i = 0; i < 1'000'000; ++i)
      a.append(record);
  };
  BOOST_CHECK_THROW(fill(), storage::full);
  BOOST_TEST(stored > 0U);
  BOOST_TEST(s.store->read().record_count() == stored);
}

BOOST_AUTO_TEST_CASE(a_record_over_the_limit_is_refused_and_nothing_hangs) {
  tests::small_store s;
  std::atomic<std::uint64_t> stored{0};
  appender a(*s.store, stored);
  BOOST_CHECK_THROW(
      a.append(std::string(storage::record_store::record_size_max + 1, 'x')),
      std::invalid_argument);
  a.append("after");
  a.flush();
  BOOST_TEST(s.text(0) == "after");
}

BOOST_AUTO_TEST_SUITE_END()
