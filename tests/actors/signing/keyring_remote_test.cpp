// SPDX-License-Identifier: Apache-2.0
#include "actors/signing/keyring.hpp"

#include "tests/actors/keyring_fixture.hpp"

BOOST_AUTO_TEST_SUITE(keyring_remote_test)

using namespace chancery;
using namespace chancery::tests;
using actors::fault;

namespace {

using fixture = keyring_fixture;

} // namespace

BOOST_FIXTURE_TEST_CASE(a_remote_lease_ends_by_time_and_not_by_its_gateway,
                        fixture) {
  const auto a = borrow(first, remote(1, 10'000));
  run();
  BOOST_TEST(crypto::decode_leases(a->value->leases).remote);
  first.die();
  run();
  BOOST_TEST(progress.keys_out == 1u);
  advance(11'999ms);
  BOOST_TEST(progress.keys_out == 1u);
  BOOST_TEST(dropped->empty());
  advance(1ms); // 10 s x 1.1 + 1 s
  BOOST_TEST(progress.keys_out == 0u);
  BOOST_TEST(dropped->size() == 1u);
  give_back(a->value->leases);
  BOOST_TEST(progress.late_returns == 1u);
  check_journal();
}

BOOST_FIXTURE_TEST_CASE(a_renewed_lease_is_the_same_with_a_new_moment,
                        fixture) {
  const auto a = borrow(first, remote(2, 10'000));
  run();
  const auto renewed = renew(a->value->leases);
  BOOST_REQUIRE(renewed->value);
  auto before = crypto::decode_leases(a->value->leases);
  const auto after = crypto::decode_leases(renewed->value->leases);
  BOOST_REQUIRE_EQUAL(after.leases.size(), 2u);
  crypto::lease_authority authority(lease_secret, {}, {});
  BOOST_TEST(authority.check(after));
  before.nonce = 9;
  before.token = after.token;
  BOOST_TEST((before == after));
  BOOST_TEST(progress.leases == 2u); // none is new
  check_journal();
}

BOOST_FIXTURE_TEST_CASE(renewing_makes_the_lender_wait_longer, fixture) {
  const auto a = borrow(first, remote(1, 10'000));
  run();
  advance(11'999ms);
  BOOST_TEST(!renew(a->value->leases)->value->leases.empty());
  advance(11'999ms);
  BOOST_TEST(progress.keys_out == 1u);
  BOOST_TEST(dropped->empty());
  advance(1ms);
  BOOST_TEST(progress.keys_out == 0u);
  BOOST_TEST(dropped->size() == 1u);
  check_journal();
}

BOOST_FIXTURE_TEST_CASE(leases_that_are_not_current_are_left_out_of_a_renewal,
                        fixture) {
  const auto a = borrow(first, remote(3, 10'000));
  run();
  give_back(one_of(*a, 1));
  const auto renewed = renew(a->value->leases);
  BOOST_TEST(keys(*renewed) == (std::vector<unsigned>{1, 3}), per_element);
  advance(12'000ms);
  BOOST_TEST(renew(a->value->leases)->value->leases.empty());
}

BOOST_FIXTURE_TEST_CASE(a_local_lease_is_not_renewed, fixture) {
  const auto a = borrow(first, local(1));
  run();
  BOOST_TEST(renew(a->value->leases)->value->leases.empty());
}

// Otherwise its holder could choose its time to live, or pass the lease on.
BOOST_FIXTURE_TEST_CASE(a_lease_that_was_changed_is_not_renewed, fixture) {
  const auto a = borrow(first, remote(1, 10'000));
  run();
  const auto lent = crypto::decode_leases(a->value->leases);
  auto longer = lent;
  longer.ttl_ms = 4'000'000'000;
  auto lent_on = lent;
  lent_on.instance[0] ^= 1;
  auto forged = lent;
  forged.token[0] ^= 1;
  auto local_now = lent;
  local_now.remote = false;
  auto another = lent;
  another.leases.push_back({name_of(2), fence_of(1, 2)});
  for (const auto& set : {longer, lent_on, forged, local_now, another}) {
    const auto renewed = renew(crypto::encode(set));
    BOOST_REQUIRE(renewed->value);
    BOOST_TEST(renewed->value->leases.empty());
  }
  advance(12'000ms); // the lease was not extended
  BOOST_TEST(progress.keys_out == 0u);
}

BOOST_FIXTURE_TEST_CASE(a_malformed_renewal_is_answered, fixture) {
  check_fault(*renew("not a lease"), fault::malformed);
  BOOST_TEST(renew("")->value->leases.empty());
}

BOOST_FIXTURE_TEST_CASE(a_limited_wait_ends_without_a_lease_and_a_trace,
                        fixture) {
  const auto all = borrow(first, local(3));
  auto request = remote(2, 10'000);
  request.wait_ms = 2'000;
  const auto a = borrow(second, request);
  run();
  advance(1'999ms);
  BOOST_TEST(a->pending());
  advance(1ms);
  BOOST_REQUIRE(a->value);
  BOOST_TEST(a->value->leases.empty());
  give_back(all->value->leases); // to nobody
  BOOST_TEST(progress.keys_out == 0u);
  BOOST_TEST(progress.leases == 3u);
  check_journal();
}

BOOST_FIXTURE_TEST_CASE(a_limited_wait_takes_no_turn_from_those_behind_it,
                        fixture) {
  asker& third = new_asker();
  const auto all = borrow(first, local(3));
  auto request = remote(1, 10'000);
  request.wait_ms = 500;
  const auto limited = borrow(second, request);
  const auto patient = borrow(third, local(1));
  run();
  advance(500ms);
  BOOST_TEST(!limited->pending());
  advance(1h);
  BOOST_TEST(patient->pending());
  give_back(all->value->leases);
  BOOST_TEST(keys(*patient) == (std::vector<unsigned>{1}), per_element);
}

BOOST_FIXTURE_TEST_CASE(keys_that_come_in_time_end_a_limited_wait, fixture) {
  const auto all = borrow(first, local(3));
  auto request = remote(1, 10'000);
  request.wait_ms = 2'000;
  const auto a = borrow(second, request);
  run();
  advance(1'999ms);
  give_back(one_of(*all, 0));
  BOOST_TEST(keys(*a) == (std::vector<unsigned>{1}), per_element);
  advance(1ms);
  BOOST_TEST(progress.keys_out == 3u);
}

BOOST_FIXTURE_TEST_CASE(a_closed_epoch_renews_nothing, fixture) {
  const auto a = borrow(first, remote(1, 10'000));
  run();
  new_asker().ask<std::uint64_t>(keyring, actors::close_atom_v);
  run();
  BOOST_TEST(renew(a->value->leases)->value->leases.empty());
}

BOOST_FIXTURE_TEST_CASE(no_lease_lives_longer_than_its_epoch_allows, fixture) {
  const auto a = borrow(first, remote(1, 4'000'000'000));
  run();
  BOOST_TEST(crypto::decode_leases(a->value->leases).ttl_ms == 20'000u);
  check_journal();
}

// The others have time to take over the range, and the next lease may last
// twice as long.
BOOST_FIXTURE_TEST_CASE(who_keeps_a_lease_for_too_long_has_to_pause, fixture) {
  auto request = remote(1, 10'000);
  request.life_ms = 25'000;
  request.wait_ms = 1'000;
  const auto kept = borrow(first, request);
  run();
  for (int i = 0; i < 2; ++i) {
    advance(10s);
    BOOST_TEST(!renew(kept->value->leases)->value->leases.empty());
  }
  advance(10s); // 30 s: it is too old
  BOOST_TEST(renew(kept->value->leases)->value->leases.empty());
  BOOST_TEST(renew(kept->value->leases)->value->leases.empty());
  advance(2s);
  BOOST_TEST(progress.keys_out == 0u);
  BOOST_TEST(dropped->size() == 1u);
  const auto again = borrow(first, request);
  auto others = request;
  others.borrower = "other";
  const auto other = borrow(second, others);
  run();
  BOOST_TEST(keys(*other).size() == 1u); // it is served first
  BOOST_TEST(again->pending());
  advance(1s);
  BOOST_TEST(keys(*again).empty());
  advance(22s); // 55 s: the pause is over
  const auto second_chance = borrow(first, request);
  run();
  BOOST_REQUIRE(keys(*second_chance).size() == 1u);
  for (int i = 0; i < 4; ++i) {
    advance(10s);
    BOOST_TEST(!renew(second_chance->value->leases)->value->leases.empty());
  }
  advance(10s);
  BOOST_TEST(renew(second_chance->value->leases)->value->leases.empty());
  check_journal();
}

BOOST_AUTO_TEST_SUITE_END()
