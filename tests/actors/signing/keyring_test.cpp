// SPDX-License-Identifier: Apache-2.0
#include "actors/signing/keyring.hpp"

#include "tests/actors/keyring_fixture.hpp"

BOOST_AUTO_TEST_SUITE(keyring_test)

using namespace chancery;
using namespace chancery::tests;
using actors::fault;
using actors::grant;

namespace {

using fixture = keyring_fixture;

} // namespace

BOOST_FIXTURE_TEST_CASE(leases_carry_what_was_asked_and_a_token_that_fits,
                        fixture) {
  const auto a = borrow(first, local(2));
  run();
  BOOST_TEST(keys(*a) == (std::vector<unsigned>{1, 2}), per_element);
  crypto::lease_authority authority(lease_secret, {}, {});
  const auto set = crypto::decode_leases(a->value->leases);
  BOOST_TEST(authority.check(set));
  BOOST_TEST(set.nonce == 5u);
  BOOST_TEST(set.instance[0] == 'i');
  BOOST_TEST(!set.remote);
  for (const auto& lease : set.leases)
    BOOST_TEST(lease.fence >> 32 == 1u);
  BOOST_TEST(progress.keys_out == 2u);
  BOOST_TEST(progress.leases == 2u);
}

// The dispatcher's answer has the leases that it was asked with.
BOOST_FIXTURE_TEST_CASE(who_fetches_is_answered_by_the_dispatcher, fixture) {
  const auto a = fetch(first, local(2));
  run();
  BOOST_TEST(keys(*a) == (std::vector<unsigned>{1, 2}), per_element);
  crypto::lease_authority authority(lease_secret, {}, {});
  BOOST_TEST(authority.check(crypto::decode_leases(a->value->leases)));
  const auto b = fetch(second, local(1));
  const auto c = fetch(second, local(1)); // waits
  run();
  BOOST_TEST(keys(*b) == (std::vector<unsigned>{3}), per_element);
  BOOST_TEST(c->pending());
  auto again = local(1);
  again.returned = a->value->leases;
  const auto d = fetch(first, again);
  run();
  BOOST_TEST(keys(*c) == (std::vector<unsigned>{1}), per_element);
  BOOST_TEST(keys(*d) == (std::vector<unsigned>{2}), per_element);
  check_journal();
}

BOOST_FIXTURE_TEST_CASE(who_fetches_is_watched_and_told_of_the_end, fixture) {
  const auto a = fetch(first, local(3));
  run();
  const auto b = fetch(second, local(1));
  run();
  BOOST_TEST(b->pending());
  first.die();
  run();
  BOOST_TEST(keys(*b) == (std::vector<unsigned>{1}), per_element);
  BOOST_TEST(dropped->size() == 3u);
  caf::anon_send(keyring, actors::drain_atom_v);
  const auto c = fetch(second, local(1));
  run();
  check_fault(*c, fault::closing);
  check_journal();
}

BOOST_FIXTURE_TEST_CASE(whoever_finds_no_idle_key_waits_first_come_first_served,
                        fixture) {
  asker& third = new_asker();
  const auto a = borrow(first, local(3));
  run();
  const auto b = borrow(second, local(1));
  run();
  const auto c = borrow(third, local(2));
  run();
  BOOST_TEST(b->pending());
  BOOST_TEST(c->pending());
  give_back(one_of(*a, 1)); // key 2
  BOOST_TEST(keys(*b) == (std::vector<unsigned>{2}), per_element);
  BOOST_TEST(c->pending());
  give_back(one_of(*a, 0));
  BOOST_TEST(keys(*c) == (std::vector<unsigned>{1}), per_element);
  check_journal();
}

BOOST_FIXTURE_TEST_CASE(a_returned_key_is_the_last_in_the_queue, fixture) {
  const auto a = borrow(first, local(1));
  run();
  give_back(a->value->leases);
  const auto b = borrow(first, local(3));
  run();
  BOOST_TEST(keys(*b) == (std::vector<unsigned>{2, 3, 1}), per_element);
  check_journal();
}

BOOST_FIXTURE_TEST_CASE(malformed_requests_are_answered, fixture) {
  auto short_instance = local(1);
  short_instance.instance = "short";
  const auto a = borrow(first, local(0));
  const auto b = borrow(first, short_instance);
  run();
  check_fault(*a, fault::malformed);
  check_fault(*b, fault::malformed);
}

BOOST_FIXTURE_TEST_CASE(broken_and_late_returns_are_counted_and_change_nothing,
                        fixture) {
  const auto a = borrow(first, local(1));
  run();
  give_back("not a lease");
  BOOST_TEST(progress.late_returns == 1u);
  give_back(a->value->leases);
  give_back(a->value->leases);
  BOOST_TEST(progress.late_returns == 2u);
  auto other = crypto::decode_leases(a->value->leases);
  other.leases[0].fence += 1;
  give_back(crypto::encode(other));
  BOOST_TEST(progress.late_returns == 3u);
  BOOST_TEST(progress.keys_out == 0u);
  check_journal();
}

BOOST_FIXTURE_TEST_CASE(a_dead_borrowers_keys_come_back, fixture) {
  const auto a = borrow(first, local(2));
  run();
  const auto b = borrow(second, local(3));
  run(); // gets the third key
  const auto c = borrow(second, local(2));
  run();
  BOOST_TEST(c->pending());
  const auto fence = crypto::decode_leases(a->value->leases).leases[0].fence;
  first.die();
  run();
  BOOST_TEST(keys(*c) == (std::vector<unsigned>{1, 2}), per_element);
  BOOST_TEST(*dropped == (std::vector<std::uint64_t>{fence, fence + 1}),
             per_element);
  BOOST_TEST(progress.leases_lost == 2u);
  BOOST_TEST(progress.keys_out == 3u);
  check_journal();
}

BOOST_FIXTURE_TEST_CASE(a_dead_borrower_waits_no_longer, fixture) {
  const auto a = borrow(first, local(3));
  run();
  borrow(second, local(1));
  run();
  second.die();
  run();
  give_back(a->value->leases);
  BOOST_TEST(progress.keys_out == 0u);
}

BOOST_AUTO_TEST_CASE(nothing_is_lent_before_the_quarantine_is_over) {
  fixture f(5s);
  const auto a = f.borrow(f.first, local(1));
  f.run();
  f.advance(4'999ms);
  BOOST_TEST(a->pending());
  f.advance(1ms);
  BOOST_TEST(!a->pending());
}

BOOST_AUTO_TEST_CASE(draining_ends_the_wait_for_the_quarantine) {
  fixture f(3600s);
  const auto waiting = f.borrow(f.first, local(1));
  const auto elsewhere = f.borrow(f.second, remote(1, 5'000));
  f.run();
  BOOST_TEST(waiting->pending());
  caf::anon_send(f.keyring, actors::drain_atom_v);
  f.run();
  check_fault(*waiting, fault::closing);
  BOOST_TEST(elsewhere->pending());
  const auto late = f.borrow(f.second, local(1));
  f.run();
  check_fault(*late, fault::closing);
}

BOOST_FIXTURE_TEST_CASE(closing_answers_all_and_closes_the_journal, fixture) {
  borrow(first, local(3));
  run();
  const auto waiting = borrow(second, local(1));
  run();
  asker& owner = new_asker();
  const auto closed = owner.ask<std::uint64_t>(keyring, actors::close_atom_v);
  run();
  check_fault(*waiting, fault::closing);
  BOOST_REQUIRE(closed->value);
  BOOST_TEST(*closed->value == 3u);
  // It is on disk already, without any time passing.
  BOOST_REQUIRE(!journal().empty());
  BOOST_TEST(
      (journal().back() == storage::event(storage::epoch_closed{1, 42})));
  const auto late = borrow(first, local(1));
  run();
  check_fault(*late, fault::closing);
}

BOOST_FIXTURE_TEST_CASE(nothing_is_written_behind_the_end_of_an_epoch,
                        fixture) {
  const auto a = borrow(first, local(2));
  run();
  asker& owner = new_asker();
  owner.ask<std::uint64_t>(keyring, actors::close_atom_v);
  run();
  const auto events = journal();
  give_back(a->value->leases);
  advance(20ms);
  BOOST_TEST((journal() == events));
  const auto again = owner.ask<std::uint64_t>(keyring, actors::close_atom_v);
  run();
  check_fault(*again, fault::closing);
}

BOOST_AUTO_TEST_CASE(an_epoch_that_others_may_still_use_does_not_close) {
  const auto ends_closed = [](fixture& f) {
    asker& owner = f.new_asker();
    const auto answer =
        owner.ask<std::uint64_t>(f.keyring, actors::close_atom_v);
    f.run();
    BOOST_TEST(answer->value.has_value());
    return std::holds_alternative<storage::epoch_closed>(f.journal().back());
  };
  fixture in_quarantine(5s);
  BOOST_TEST(!ends_closed(in_quarantine));
  fixture lent_far;
  lent_far.borrow(lent_far.first, remote(1, 1'000));
  lent_far.run();
  BOOST_TEST(!ends_closed(lent_far));
  fixture lent_here;
  lent_here.borrow(lent_here.first, local(1));
  lent_here.run();
  BOOST_TEST(ends_closed(lent_here));
}

BOOST_FIXTURE_TEST_CASE(the_queue_of_borrowers_has_a_limit, fixture) {
  borrow(first, local(3));
  std::vector<std::shared_ptr<answer<grant>>> waiting;
  for (std::size_t i = 0; i < actors::waiting_borrowers_max; ++i)
    waiting.push_back(borrow(first, local(1)));
  const auto one_more = borrow(second, local(1));
  run();
  BOOST_TEST(waiting.front()->pending());
  BOOST_TEST(waiting.back()->pending());
  check_fault(*one_more, fault::busy);
}

BOOST_AUTO_TEST_SUITE_END()
