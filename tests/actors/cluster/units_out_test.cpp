// SPDX-License-Identifier: Apache-2.0
#include "actors/cluster/units_out.hpp"

#include "actors/signing/lease_book.hpp"
#include "tests/actors/dispatcher_fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <stdexcept>
#include <string>

BOOST_AUTO_TEST_SUITE(units_out_test)

using namespace chancery;
using namespace chancery::tests;
using actors::units_out;

namespace {

constexpr units_out::time_point start{};

actors::unit unit_under(const std::vector<std::uint32_t>& counters) {
  actors::unit u;
  for (const auto c : counters)
    encode(batch(c, c * 10, 10), u.batches);
  u.digests = std::string(counters.size() * 320, 'd');
  return u;
}

} // namespace

BOOST_AUTO_TEST_CASE(a_unit_is_taken_once_and_only_as_it_was_sent) {
  units_out out;
  const auto sent = unit_under({1, 2});
  out.add(leases_of({1, 2, 3}), sent, start);
  BOOST_TEST(out.size() == 3u);
  BOOST_TEST(!out.take(unit_under({1}).batches).has_value());
  BOOST_TEST(!out.take(unit_under({2, 1}).batches).has_value());
  BOOST_TEST(!out.take(unit_under({1, 2, 3}).batches).has_value());
  BOOST_TEST(!out.take("").has_value());
  BOOST_CHECK_THROW(out.take("x"), std::invalid_argument);
  const auto taken = out.take(sent.batches);
  BOOST_REQUIRE(taken.has_value());
  BOOST_TEST(taken->sent.digests == sent.digests);
  BOOST_TEST((taken->keys == std::vector{name_of(1), name_of(2)}));
  BOOST_TEST(!out.take(sent.batches).has_value());
  BOOST_TEST(out.size() == 3u); // the leases are still out
}

BOOST_AUTO_TEST_CASE(the_end_of_one_lease_ends_its_unit) {
  units_out out;
  out.add(leases_of({1, 2}), unit_under({1, 2}), start);
  out.add(leases_of({3, 4}), unit_under({3}), start);
  BOOST_TEST(out.remove(fence_of(1, 2)));
  BOOST_TEST(!out.remove(fence_of(1, 2)));
  BOOST_TEST(!out.take(unit_under({1, 2}).batches).has_value());
  BOOST_TEST(out.remove(fence_of(1, 4))); // had no batch
  BOOST_TEST(out.take(unit_under({3}).batches).has_value());
}

BOOST_AUTO_TEST_CASE(a_lease_ends_by_time_unless_it_is_renewed) {
  units_out out;
  crypto::lease_set set;
  const auto fence = fence_of(1, 1);
  set.leases.push_back({name_of(1), fence});
  set.ttl_ms = 1'000;
  out.add(crypto::encode(set), unit_under({1}), start);
  const auto wait = actors::lender_wait(set.ttl_ms);
  out.remove_expired(start + wait);
  BOOST_TEST(out.contains(fence));
  out.extend(set, start + wait);
  out.remove_expired(start + 2 * wait);
  BOOST_TEST(out.contains(fence));
  out.remove_expired(start + 2 * wait + 1ms);
  BOOST_TEST(!out.contains(fence));
  BOOST_TEST(!out.take(unit_under({1}).batches).has_value());
  out.extend(set, start);
  BOOST_TEST(out.size() == 0u);
}

BOOST_AUTO_TEST_CASE(a_batch_without_a_lease_is_refused) {
  units_out out;
  BOOST_CHECK_THROW(out.add(leases_of({1}), unit_under({1, 2}), start),
                    std::invalid_argument);
  BOOST_CHECK_THROW(out.add(leases_of({2}), unit_under({1}), start),
                    std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
