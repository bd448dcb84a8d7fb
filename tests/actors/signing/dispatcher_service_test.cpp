// SPDX-License-Identifier: Apache-2.0
//
// The dispatcher of a service: it is never over by itself, and lets short
// batches wait.
#include "actors/signing/record_append.hpp"
#include "tests/actors/dispatcher_fixture.hpp"
#include "tests/actors/record_requests.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(dispatcher_service_test)

using namespace chancery;
using namespace chancery::tests;

namespace {

constexpr std::uint32_t max_wait_ms = 250;

// Batches of 10; `before` records were there when the epoch opened.
struct fixture : dispatcher_fixture {
  fixture() : fixture(0) {}
  explicit fixture(std::uint64_t before) : dispatcher_fixture(before) {
    wall_clock = 1'000;
    dispatcher =
        spawn_dispatcher(10, 1, actors::waiting_terms{max_wait_ms, before});
  }

  using asked = std::shared_ptr<answer<std::uint32_t>>;

  asked ready(std::uint32_t most = 100, std::uint32_t wait_ms = 0) {
    auto a = signer.ask<std::uint32_t>(dispatcher, actors::ready_atom_v, most,
                                       wait_ms);
    run();
    return a;
  }

  /// As the intake does it.
  void come(std::uint64_t count) {
    store(count);
    caf::anon_send(dispatcher, actors::look_atom_v);
    run();
  }

  void store(std::uint64_t count) {
    auto transaction = disk.store.write();
    actors::record_append into(transaction, wall_clock);
    actors::record_request request;
    request.records.resize(count, {"", "r"});
    into.append(request);
    into.finish();
    transaction.commit();
  }

  void pass(std::chrono::milliseconds time) {
    wall_clock += static_cast<std::uint64_t>(time.count());
    advance(time);
  }
};

} // namespace

BOOST_FIXTURE_TEST_CASE(whoever_asks_waits_until_a_batch_is_full, fixture) {
  const auto a = ready();
  come(9);
  BOOST_TEST(a->pending());
  come(1);
  BOOST_TEST(a->value.value() == 1u);
  const auto unit = batches(*next({1, 2}));
  BOOST_REQUIRE(unit.size() == 1u);
  BOOST_TEST((unit[0] == batch(1, 0, 10)));
}

BOOST_FIXTURE_TEST_CASE(a_short_batch_goes_out_when_its_first_record_is_due,
                        fixture) {
  const auto a = ready();
  come(3);
  pass(200ms);
  come(2);
  pass(49ms);
  BOOST_TEST(a->pending());
  pass(1ms);
  BOOST_TEST(a->value.value() == 1u);
  BOOST_TEST(
      (batches(*next({1})) == std::vector<actors::unit_batch>{batch(1, 0, 5)}));
  hand_in({batch(1, 0, 5)});
  pass(10ms);
  const auto row = disk.store.read().batch_of(0).value();
  BOOST_TEST((row.reason == storage::short_reason::waited));
  BOOST_TEST(row.time_ms == 1'250u);
  BOOST_REQUIRE(signed_now.size() == 1u);
  BOOST_TEST((signed_now[0] == row));
}

BOOST_FIXTURE_TEST_CASE(a_request_without_work_is_answered_at_once, fixture) {
  come(3); // not due
  BOOST_TEST(batches(*next({1})).empty());
  pass(250ms);
  BOOST_TEST(batches(*next({2})).size() == 1u);
}

BOOST_AUTO_TEST_CASE(what_was_there_before_does_not_wait) {
  fixture f(13);
  BOOST_TEST(f.ready()->value.value() == 1u); // of the full one
  BOOST_TEST(f.batches(*f.next({1, 2})).size() == 2u);
}

BOOST_FIXTURE_TEST_CASE(those_who_ask_share_the_batches, fixture) {
  const auto first = ready(2);
  const auto second = ready(2);
  const auto third = ready(2);
  come(30);
  BOOST_TEST(first->value.value() == 2u);
  BOOST_TEST(second->value.value() == 1u);
  BOOST_TEST(third->pending());
}

BOOST_FIXTURE_TEST_CASE(a_limited_wait_ends_with_nothing, fixture) {
  const auto a = ready(1, 100);
  const auto b = ready(1);
  pass(99ms);
  BOOST_TEST(a->pending());
  pass(1ms);
  BOOST_TEST(a->value.value() == 0u);
  BOOST_TEST(b->pending());
}

// The one before gets the batch that the second one's question finds.
BOOST_FIXTURE_TEST_CASE(a_limited_wait_ends_whoever_else_is_answered, fixture) {
  const auto a = ready(1);
  store(10); // not announced
  const auto b = ready(1, 100);
  BOOST_TEST(a->value.value() == 1u);
  next({1});
  pass(99ms);
  BOOST_TEST(b->pending());
  pass(1ms);
  BOOST_TEST(b->value.value() == 0u);
}

BOOST_FIXTURE_TEST_CASE(a_service_is_over_only_when_it_is_drained, fixture) {
  const auto a = ready();
  BOOST_TEST(!over()->value.value());
  come(20);
  BOOST_TEST(batches(*next({1})).size() == 1u);
  caf::anon_send(dispatcher, actors::drain_atom_v);
  run();
  BOOST_TEST(!over()->value.value());
  hand_in({batch(1, 0, 10)});
  pass(10ms);
  BOOST_TEST(over()->value.value());
  BOOST_TEST(ready()->value.value() == 0u);
  BOOST_TEST(a->value.value() == 2u);
}

BOOST_FIXTURE_TEST_CASE(a_full_disk_lets_records_wait, fixture) {
  disk_has_room = false;
  const auto a = ready();
  come(10);
  BOOST_TEST(a->pending());
  pass(1'000ms);
  BOOST_TEST(a->pending());
  disk_has_room = true;
  pass(1'000ms);
  BOOST_TEST(a->value.value() == 1u);
}

BOOST_FIXTURE_TEST_CASE(a_lost_lease_gives_its_batch_to_others, fixture) {
  come(10);
  next({1});
  const auto a = ready();
  BOOST_TEST(a->pending());
  drop({fence_of(1, 1)});
  BOOST_TEST(a->value.value() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
