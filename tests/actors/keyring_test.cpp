// SPDX-License-Identifier: Apache-2.0
#include "actors/keyring.hpp"

#include "actors/lease_replay.hpp"
#include "tests/actors/actor_fixture.hpp"

#include <boost/test/unit_test.hpp>

using namespace chancery;
using namespace chancery::tests;
using actors::borrow_request;
using actors::dispatcher_actor;
using actors::fault;
using actors::grant;

namespace {

using dropped_fences = std::shared_ptr<std::vector<std::uint64_t>>;

// A dispatcher that only remembers which leases it was told to drop.
dispatcher_actor::behavior_type dispatcher_spy(dropped_fences dropped) {
  return {
      [](actors::next_atom, const std::string&) { return actors::unit{}; },
      [](actors::hand_in_atom, const actors::unit_result&) {},
      [dropped](actors::drop_atom, const std::string& fences) {
        for (const auto fence : actors::decode_fences(fences))
          dropped->push_back(fence);
      },
      [](actors::release_atom, const std::string&) {},
      [](actors::drain_atom) {},
      [](actors::finish_atom) { return std::uint64_t{0}; },
  };
}

borrow_request local(std::uint32_t count) {
  return {count, std::string(16, 'i'), 5, false, 0, ""};
}

borrow_request remote(std::uint32_t count, std::uint32_t ttl_ms) {
  return {count, std::string(16, 'i'), 5, true, ttl_ms, "worker"};
}

const std::vector<std::byte> secret(32, std::byte{3});

struct fixture : actor_fixture {
  explicit fixture(std::chrono::milliseconds quarantine = 0ms)
      : actor_fixture(0) {
    const auto spy = keep(system.spawn(dispatcher_spy, dropped));
    actors::keyring_config config;
    config.epoch.epoch = 1;
    config.epoch.batch_size = 10;
    config.epoch.remote_possible = true;
    config.epoch.ttl_ms_max = 20'000;
    config.epoch.key_order = names_of(3);
    config.authority = std::make_shared<crypto::lease_authority>(
        secret, crypto::random_id{}, crypto::random_id{});
    config.quarantine = quarantine;
    config.wall_clock_ms = [] { return std::uint64_t{42}; };
    config.progress = &progress;
    keyring = keep(system.spawn(actors::keyring, config, writer, spy));
    auto transaction = disk.store.write();
    const auto bytes = storage::encode(storage::event(config.epoch));
    transaction.append_event(bytes_of(bytes));
    transaction.commit();
  }

  std::shared_ptr<answer<grant>> borrow(asker& who, borrow_request request) {
    return who.ask<grant>(keyring, actors::borrow_atom_v, std::move(request));
  }

  void give_back(const std::string& leases) {
    caf::anon_send(keyring, actors::give_back_atom_v, leases);
    run();
  }

  // The keys of a grant, as numbers of names_of.
  static std::vector<unsigned> keys(const answer<grant>& a) {
    std::vector<unsigned> numbers;
    BOOST_REQUIRE(a.value);
    for (const auto& lease : actors::decode_leases(a.value->leases))
      numbers.push_back(lease.key[1]);
    return numbers;
  }

  // No event contradicts the ones before it.
  void check_journal() {
    advance(20ms);
    actors::lease_replay replay;
    for (const auto& e : journal()) {
      const auto broken = replay.apply(e);
      BOOST_TEST(!broken, broken->what);
    }
  }

  dropped_fences dropped = std::make_shared<std::vector<std::uint64_t>>();
  actors::keyring_actor keyring;
  asker& first = new_asker();
  asker& second = new_asker();
};

const auto per_element = boost::test_tools::per_element();

} // namespace

BOOST_AUTO_TEST_SUITE(keyring_test)

BOOST_FIXTURE_TEST_CASE(leases_carry_what_was_asked_and_a_token_that_fits,
                        fixture) {
  const auto a = borrow(first, local(2));
  run();
  BOOST_TEST(keys(*a) == (std::vector<unsigned>{1, 2}), per_element);
  crypto::lease_authority authority(secret, {}, {});
  for (const auto& lease : actors::decode_leases(a->value->leases)) {
    BOOST_TEST(authority.check(lease));
    BOOST_TEST(lease.fence >> 32 == 1u);
    BOOST_TEST(lease.nonce == 5u);
    BOOST_TEST(lease.instance[0] == 'i');
    BOOST_TEST(!lease.remote);
  }
  BOOST_TEST(progress.keys_out == 2u);
  BOOST_TEST(progress.leases == 2u);
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
  give_back(a->value->leases.substr(101, 101)); // key 2
  BOOST_TEST(keys(*b) == (std::vector<unsigned>{2}), per_element);
  BOOST_TEST(c->pending());
  give_back(a->value->leases.substr(0, 101));
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
  auto other = actors::decode_leases(a->value->leases)[0];
  other.fence += 1;
  std::string bytes;
  crypto::encode(other, bytes);
  give_back(bytes);
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
  const auto fence = actors::decode_leases(a->value->leases)[0].fence;
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

BOOST_FIXTURE_TEST_CASE(a_remote_lease_ends_by_time_and_not_by_its_gateway,
                        fixture) {
  const auto a = borrow(first, remote(1, 10'000));
  run();
  BOOST_TEST(actors::decode_leases(a->value->leases)[0].remote);
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

BOOST_FIXTURE_TEST_CASE(no_lease_lives_longer_than_its_epoch_allows, fixture) {
  const auto a = borrow(first, remote(1, 4'000'000'000));
  run();
  const auto lease = actors::decode_leases(a->value->leases)[0];
  BOOST_TEST(lease.ttl_ms == 20'000u);
  check_journal();
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
