// SPDX-License-Identifier: Apache-2.0
#include "actors/signing/parked_units.hpp"

#include "crypto/base/random.hpp"
#include "tests/actors/fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

BOOST_AUTO_TEST_SUITE(parked_units_test)

using namespace chancery;
using namespace chancery::tests;
using actors::chunk_verdict;
using actors::parked_units;

namespace {

// A unit of these batch sizes, ids from 100 on.
actors::remote_unit_ptr unit_of(const std::vector<std::uint32_t>& counts,
                                const std::string& worker = "w1") {
  std::string batches;
  std::vector<storage::key_name> keys;
  std::uint64_t first = 100;
  for (unsigned i = 0; i < counts.size(); ++i) {
    encode(actors::unit_batch{fence_of(1, i + 1), first, counts[i]}, batches);
    keys.push_back(name_of(i + 1));
    first += counts[i];
  }
  const auto size = first - 100;
  return std::make_shared<const actors::remote_unit>(
      worker, batches, keys, std::string(32 * size, 'd'),
      std::string(64 * size, 's'), 64);
}

actors::parked_unit parked(const actors::remote_unit_ptr& unit,
                           const std::set<std::size_t>& left_out = {}) {
  actors::parked_unit p{unit};
  for (std::size_t i = 0; i < unit->batches().size(); ++i)
    if (!left_out.contains(i)) {
      const auto& b = unit->batches()[i];
      p.parts.push_back({&b, {b.batch.first, b.batch.count, {}, b.key}});
      p.records += b.batch.count;
    }
  return p;
}

std::vector<std::uint32_t> all_in(const std::vector<actors::unit_chunk>& c) {
  std::vector<std::uint32_t> indexes;
  for (const auto& chunk : c)
    indexes.insert(indexes.end(), chunk.indexes.begin(), chunk.indexes.end());
  return indexes;
}

std::vector<std::uint32_t> range(std::uint32_t first, std::uint32_t last) {
  std::vector<std::uint32_t> r;
  for (; first < last; ++first)
    r.push_back(first);
  return r;
}

} // namespace

BOOST_AUTO_TEST_CASE(all_signatures_are_verified_once_in_chunks) {
  parked_units units(1, crypto::system_random());
  const auto ticket = units.park(parked(unit_of({1'000, 1'000, 49})));
  const auto chunks = units.next_chunks(ticket);
  BOOST_REQUIRE_EQUAL(chunks.size(), 3u);
  BOOST_TEST(chunks[0].indexes.size() == 1'024u);
  BOOST_TEST(all_in(chunks) == range(0, 2'049));
  BOOST_TEST(!units.take(ticket, {}));
  BOOST_TEST(!units.take(ticket, {}));
  BOOST_TEST(units.take(ticket, {}));
  BOOST_TEST(units.next_chunks(ticket).empty());
  BOOST_TEST(!units.empty());
  BOOST_TEST(units.release(ticket).wrong == 0u);
  BOOST_TEST(units.empty());
}

BOOST_AUTO_TEST_CASE(batches_that_came_too_late_are_not_verified) {
  parked_units units(1, crypto::system_random());
  const auto ticket = units.park(parked(unit_of({10, 20, 5}), {1}));
  auto expected = range(0, 10);
  const auto rest = range(30, 35);
  expected.insert(expected.end(), rest.begin(), rest.end());
  BOOST_TEST(all_in(units.next_chunks(ticket)) == expected);
}

BOOST_AUTO_TEST_CASE(wrong_ones_are_counted_and_the_first_is_named) {
  parked_units units(1, crypto::system_random());
  const auto ticket = units.park(parked(unit_of({1'000, 1'000, 1'000})));
  units.next_chunks(ticket);
  units.take(ticket, {2, 2'500});
  units.take(ticket, {1, 1'020});
  BOOST_TEST(units.take(ticket, {}));
  const auto unit = units.release(ticket);
  BOOST_TEST(unit.wrong == 3u);
  BOOST_TEST(unit.complaint() ==
             "3 of 3000 signatures of a unit are wrong; the first is that of "
             "record 1120 under key " +
                 crypto::to_text(name_of(2)));
}

BOOST_AUTO_TEST_CASE(a_sample_has_one_of_each_share_anywhere_in_it) {
  parked_units units(16, crypto::system_random());
  std::map<std::uint32_t, unsigned> hits; // place within the share
  for (unsigned i = 0; i < 200; ++i) {
    const auto ticket = units.park(parked(unit_of({700, 324})));
    const auto drawn = all_in(units.next_chunks(ticket));
    BOOST_REQUIRE_EQUAL(drawn.size(), 64u);
    for (std::uint32_t k = 0; k < 64; ++k) {
      BOOST_TEST(drawn[k] / 16 == k);
      ++hits[drawn[k] % 16];
    }
    BOOST_TEST(units.take(ticket, {}));
    BOOST_TEST(units.next_chunks(ticket).empty());
    units.release(ticket);
  }
  // 12,800 draws: 800 for each place are expected, +-150 is over 5 sigma.
  BOOST_TEST(hits.size() == 16u);
  for (const auto& [place, count] : hits)
    BOOST_TEST(std::abs(static_cast<int>(count) - 800) < 150);
}

BOOST_AUTO_TEST_CASE(a_small_unit_has_no_smaller_sample_than_sixteen) {
  for (const std::uint32_t size : {1, 15, 16, 17, 31, 33, 100, 255}) {
    parked_units units(16, crypto::system_random());
    const auto ticket = units.park(parked(unit_of({size})));
    const auto drawn = all_in(units.next_chunks(ticket)).size();
    BOOST_TEST(drawn >= std::min(size, actors::sample_min));
    BOOST_TEST(drawn <= size);
  }
}

BOOST_AUTO_TEST_CASE(one_wrong_in_the_sample_has_all_the_others_verified) {
  parked_units units(16, crypto::system_random());
  const auto ticket = units.park(parked(unit_of({2'000, 500})));
  auto seen = all_in(units.next_chunks(ticket));
  BOOST_TEST(units.take(ticket, {1, seen[3]}));
  const auto chunks = units.next_chunks(ticket);
  const auto rest = all_in(chunks);
  seen.insert(seen.end(), rest.begin(), rest.end());
  std::ranges::sort(seen);
  BOOST_TEST(seen == range(0, 2'500));
  for (std::size_t i = 0; i < chunks.size(); ++i)
    BOOST_TEST(units.take(ticket, {}) == (i + 1 == chunks.size()));
  BOOST_TEST(units.next_chunks(ticket).empty());
}

BOOST_AUTO_TEST_CASE(a_workers_units_are_found_and_late_verdicts_ignored) {
  parked_units units(1, crypto::system_random());
  const auto a = units.park(parked(unit_of({5}, "w1")));
  const auto b = units.park(parked(unit_of({5}, "w2")));
  const auto c = units.park(parked(unit_of({5}, "w1")));
  units.next_chunks(c);
  BOOST_TEST(units.of("w1") == (std::vector{a, c}));
  units.release(c);
  BOOST_TEST(!units.take(c, {1, 0}));
  BOOST_TEST(units.of("w1") == std::vector{a});
  BOOST_TEST(units.of("w2") == std::vector{b});
  BOOST_CHECK_THROW(units.release(c), std::logic_error);
}

BOOST_AUTO_TEST_CASE(a_unit_whose_lengths_do_not_fit_is_none) {
  std::string batches;
  encode(actors::unit_batch{1, 0, 3}, batches);
  const auto make = [&](std::size_t keys, std::size_t digests,
                        std::size_t signatures) {
    return actors::remote_unit(
        "w", batches, names_of(static_cast<unsigned>(keys)),
        std::string(digests, 'd'), std::string(signatures, 's'), 64);
  };
  BOOST_TEST(make(1, 96, 192).size() == 3u);
  BOOST_CHECK_THROW(make(2, 96, 192), std::invalid_argument);
  BOOST_CHECK_THROW(make(1, 95, 192), std::invalid_argument);
  BOOST_CHECK_THROW(make(1, 0, 192), std::invalid_argument);
  BOOST_CHECK_THROW(make(1, 96, 191), std::invalid_argument);
  BOOST_CHECK_THROW(make(1, 96, 0), std::invalid_argument);
  BOOST_CHECK_THROW(parked_units(0, crypto::system_random()),
                    std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
