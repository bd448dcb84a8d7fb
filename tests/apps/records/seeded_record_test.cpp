// SPDX-License-Identifier: Apache-2.0
#include "apps/records/seeded_record.hpp"

#include "tests/apps/stores.hpp"

#include <boost/test/unit_test.hpp>
#include <fmt/format.h>
#include <set>

BOOST_AUTO_TEST_SUITE(seeded_record_test)

using namespace chancery;
using namespace chancery::apps;

namespace {

std::string record(std::uint64_t seed, std::uint64_t id, std::size_t size) {
  std::string bytes;
  make_seeded_record(seed, id, size, bytes);
  return bytes;
}

std::string hex(const std::string& bytes) {
  std::string text;
  for (const char c : bytes)
    text += fmt::format("{:02x}", static_cast<unsigned char>(c));
  return text;
}

} // namespace

// Computed by another program from the formula in the header: a seed gives the
// same records in every later version.
BOOST_AUTO_TEST_CASE(the_records_of_a_seed_never_change) {
  BOOST_TEST(hex(record(1, 0, 20)) ==
             "c3868d6df4028ab1e807f7832cb6c5f8dd0e1340");
  BOOST_TEST(hex(record(1, 1, 8)) == "95272a43739b15d5");
  BOOST_TEST(hex(record(0, 0, 8)) == "91befc38bc758223");
  BOOST_TEST(hex(record(7, 99999, 3)) == "bce8da");
}

BOOST_AUTO_TEST_CASE(a_shorter_record_is_the_front_of_a_longer_one) {
  const auto whole = record(3, 4, 100);
  for (std::size_t size = 0; size < 100; ++size)
    BOOST_TEST(record(3, 4, size) == whole.substr(0, size));
}

BOOST_AUTO_TEST_CASE(records_and_seeds_differ) {
  std::set<std::string> seen;
  for (std::uint64_t seed = 0; seed < 30; ++seed)
    for (std::uint64_t id = 0; id < 30; ++id)
      seen.insert(record(seed, id, 16));
  BOOST_TEST(seen.size() == 900U);
}

BOOST_AUTO_TEST_CASE(seeding_twice_goes_on_where_it_ended) {
  const std::atomic<bool> stop{false};
  std::atomic<std::uint64_t> done{0};
  tests::small_store once;
  seed_records(*once.store, {.count = 30, .size = 40, .seed = 5}, stop, done);
  BOOST_TEST(done == 30U);
  tests::small_store twice;
  seed_records(*twice.store, {.count = 10, .size = 40, .seed = 5}, stop, done);
  seed_records(*twice.store, {.count = 20, .size = 40, .seed = 5}, stop, done);
  BOOST_TEST(twice.store->read().record_count() == 30U);
  for (std::uint64_t id = 0; id < 30; ++id) {
    BOOST_TEST(once.text(id) == record(5, id, 40));
    BOOST_TEST(twice.text(id) == once.text(id));
  }
}

BOOST_AUTO_TEST_CASE(seeding_that_is_stopped_stores_a_prefix) {
  const std::atomic<bool> stop{true};
  std::atomic<std::uint64_t> done{0};
  tests::small_store s;
  seed_records(*s.store, {.count = 30, .size = 40, .seed = 5}, stop, done);
  BOOST_TEST(done == 0U);
  BOOST_TEST(s.store->read().record_count() == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
