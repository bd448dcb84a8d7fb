// SPDX-License-Identifier: Apache-2.0
#include "actors/signing/dispatcher.hpp"

#include "crypto/base/bytes.hpp"
#include "tests/actors/dispatcher_fixture.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(dispatcher_test)

using namespace chancery;
using namespace chancery::tests;
using actors::fault;
using actors::unit;
using actors::unit_batch;
using actors::unit_result;

BOOST_FIXTURE_TEST_CASE(a_unit_has_a_batch_for_each_lease_and_no_content,
                        dispatcher_fixture) {
  const auto a = next({1, 2, 3, 4});
  const std::vector<unit_batch> expected{batch(1, 0, 10), batch(2, 10, 10),
                                         batch(3, 20, 5)};
  BOOST_TEST((batches(*a) == expected));
  BOOST_TEST(a->value->digests.empty());
}

BOOST_FIXTURE_TEST_CASE(a_batch_has_the_time_at_which_it_was_handed_out_last,
                        dispatcher_fixture) {
  wall_clock = 100;
  const auto a = next({1, 2});
  wall_clock = 200;
  drop({fence_of(1, 2)});
  const auto b = next({3});
  wall_clock = 150; // a clock that goes back
  const auto c = next({4});
  wall_clock = 300;
  for (const auto& handed : {a, b, c})
    hand_in(batches(*handed));
  advance(10ms);
  const auto view = disk.store.read();
  BOOST_TEST(view.batch_of(0)->time_ms == 100u);
  BOOST_TEST(view.batch_of(10)->time_ms == 200u);
  BOOST_TEST(view.batch_of(20)->time_ms == 200u);
}

BOOST_FIXTURE_TEST_CASE(malformed_requests_are_answered, dispatcher_fixture) {
  std::vector<std::shared_ptr<answer<unit>>> answers;
  for (const std::string& leases :
       {std::string(), std::string("xyz"), leases_of({1}).substr(1)})
    answers.push_back(
        signer.ask<unit>(dispatcher, actors::next_atom_v, leases));
  run();
  for (const auto& a : answers)
    check_fault(*a, fault::malformed);
  // A lease that holds a range already gets no second one.
  next({1});
  check_fault(*next({1}), fault::malformed);
}

BOOST_FIXTURE_TEST_CASE(whoever_asks_while_all_is_out_waits_for_the_end,
                        dispatcher_fixture) {
  const auto a = next({1, 2, 3});
  const auto b = next({4});
  BOOST_TEST(b->pending());
  hand_in(batches(*a));
  BOOST_TEST(batches(*b).empty());
  const auto done = finish();
  BOOST_REQUIRE(done->value);
  BOOST_TEST(*done->value == 25u);
}

BOOST_FIXTURE_TEST_CASE(the_range_of_a_dead_borrower_goes_to_whoever_waits,
                        dispatcher_fixture) {
  const auto a = next({1, 2, 3});
  const auto b = next({4, 5});
  BOOST_TEST(b->pending());
  drop({fence_of(1, 2)});
  BOOST_TEST((batches(*b) == std::vector{batch(4, 10, 10)}));
  // The dead borrower's result comes late: its batch is refused, the others
  // are stored.
  hand_in(batches(*a));
  BOOST_TEST(progress.late_results == 1u);
  hand_in(batches(*b));
  advance(10ms);
  BOOST_TEST(*finish()->value == 25u);
  const auto row = disk.store.read().batch_of(10);
  BOOST_REQUIRE(row);
  BOOST_TEST(row->fence == fence_of(1, 4));
  BOOST_TEST((row->key == name_of(4)));
  BOOST_TEST(progress.conflicts == 0u);
}

BOOST_FIXTURE_TEST_CASE(a_range_given_back_unsigned_goes_to_whoever_waits,
                        dispatcher_fixture) {
  next({1, 2, 3});
  const auto waiting = next({4});
  release({fence_of(1, 3), fence_of(1, 9)});
  BOOST_TEST((batches(*waiting) == std::vector{batch(4, 20, 5)}));
  hand_in({batch(3, 20, 5)});
  BOOST_TEST(progress.late_results == 1u);
}

BOOST_FIXTURE_TEST_CASE(a_lease_that_ended_gets_no_work, dispatcher_fixture) {
  next({1, 2, 3});
  const auto waiting = next({4});
  drop({fence_of(1, 4), fence_of(1, 9)});
  check_fault(*waiting, fault::malformed);
  check_fault(*next({9}), fault::malformed);
}

// Its leases were returned while it waited: the asker has given up.
BOOST_FIXTURE_TEST_CASE(a_request_whose_leases_went_back_gets_no_range,
                        dispatcher_fixture) {
  next({1, 2, 3});
  const auto gave_up = next({4, 5});
  const auto waits = next({6, 7});
  release({fence_of(1, 4), fence_of(1, 5), fence_of(1, 6)});
  check_fault(*gave_up, fault::malformed);
  BOOST_TEST(waits->pending());
  drop({fence_of(1, 1)});
  BOOST_TEST((batches(*waits) == std::vector{batch(7, 0, 10)}));
}

BOOST_FIXTURE_TEST_CASE(broken_lists_of_fences_end_only_what_they_name,
                        dispatcher_fixture) {
  const auto a = next({1, 2, 3});
  const auto waiting = next({4});
  caf::anon_send(dispatcher, actors::drop_atom_v, std::string("1234567"));
  caf::anon_send(dispatcher, actors::release_atom_v, std::string("x"));
  run();
  BOOST_TEST(waiting->pending());
  hand_in(batches(*a));
  BOOST_TEST(progress.late_results == 0u);
}

BOOST_FIXTURE_TEST_CASE(results_that_do_not_fit_are_refused,
                        dispatcher_fixture) {
  next({1, 2, 3});
  hand_in({batch(7, 0, 10)});  // nobody's lease
  hand_in({batch(1, 10, 10)}); // another's range
  hand_in({batch(1, 0, 9)});
  BOOST_TEST(progress.late_results == 3u);
  unit_result broken;
  actors::encode(batch(1, 0, 10), broken.batches);
  broken.signatures = std::string(639, 's');
  caf::anon_send(dispatcher, actors::hand_in_atom_v, broken);
  broken.batches.pop_back();
  caf::anon_send(dispatcher, actors::hand_in_atom_v, broken);
  run();
  BOOST_TEST(progress.late_results == 5u);
  advance(20ms);
  BOOST_TEST(disk.store.read().signature_count() == 0u);
  // The leases still hold their ranges.
  hand_in({batch(1, 0, 10), batch(2, 10, 10), batch(3, 20, 5)});
  advance(10ms);
  BOOST_TEST(*finish()->value == 25u);
}

BOOST_FIXTURE_TEST_CASE(each_batch_keeps_its_own_signatures,
                        dispatcher_fixture) {
  next({1, 2, 3});
  // The third one is nobody's lease.
  const std::vector list{batch(2, 10, 10), batch(1, 0, 10), batch(7, 0, 10),
                         batch(3, 20, 5)};
  unit_result result;
  for (const auto& b : list) {
    actors::encode(b, result.batches);
    result.signatures.append(std::size_t{b.count} * 64,
                             static_cast<char>('a' + b.fence));
  }
  caf::anon_send(dispatcher, actors::hand_in_atom_v, result);
  advance(10ms);
  BOOST_TEST(progress.late_results == 1u);
  const auto view = disk.store.read();
  BOOST_TEST(view.signature_count() == 25u);
  for (std::uint64_t id = 0; id < 25; ++id)
    BOOST_TEST(crypto::text_of(*view.signature(id)) ==
               std::string(64, static_cast<char>('b' + id / 10)));
}

BOOST_FIXTURE_TEST_CASE(a_row_says_why_it_is_short_and_when_it_was_signed,
                        dispatcher_fixture) {
  hand_in(batches(*next({1, 2, 3})));
  const auto view = disk.store.read();
  BOOST_TEST((view.batch_of(0)->reason == storage::short_reason::full));
  BOOST_TEST((view.batch_of(20)->reason == storage::short_reason::end));
  BOOST_TEST(view.batch_of(20)->time_ms == 42u);
}

BOOST_FIXTURE_TEST_CASE(records_that_somebody_else_signed_are_left_alone,
                        dispatcher_fixture) {
  const auto a = next({1, 2, 3});
  // The lock of the folder prevents this; it must do no harm all the same.
  storage::batch_row row;
  row.first = 5;
  row.count = 1;
  auto transaction = disk.store.write();
  BOOST_REQUIRE(transaction.put_batch(row, std::vector<std::byte>(64)));
  transaction.commit();
  hand_in(batches(*a));
  BOOST_TEST(progress.conflicts == 1u);
  // Another pass hands out what is left around it.
  BOOST_TEST(*over()->value == false);
  const std::vector<unit_batch> rest{batch(4, 0, 5), batch(5, 6, 4)};
  const auto b = next({4, 5, 6});
  BOOST_TEST((batches(*b) == rest));
  hand_in(rest);
  advance(10ms);
  BOOST_TEST(*finish()->value == 24u);
  BOOST_TEST(disk.store.read().signature_count() == 25u);
}

BOOST_AUTO_TEST_CASE(a_unit_ends_with_the_batch_that_reaches_its_limit) {
  actor_fixture f(6'000);
  const auto dispatcher = f.spawn_dispatcher(1'000);
  const auto a = f.new_asker().ask<unit>(dispatcher, actors::next_atom_v,
                                         leases_of({1, 2, 3, 4, 5, 6}));
  f.run();
  BOOST_TEST(dispatcher_fixture::batches(*a).size() == 5u);
}

BOOST_FIXTURE_TEST_CASE(the_queue_of_requests_has_a_limit, dispatcher_fixture) {
  next({1, 2, 3});
  std::vector<std::shared_ptr<answer<unit>>> waiting;
  for (std::uint32_t i = 0; i < actors::waiting_requests_max; ++i)
    waiting.push_back(
        signer.ask<unit>(dispatcher, actors::next_atom_v, leases_of({10 + i})));
  run();
  check_fault(*next({4}), fault::busy);
  BOOST_TEST(waiting.front()->pending());
  hand_in({batch(1, 0, 10), batch(2, 10, 10), batch(3, 20, 5)});
  BOOST_TEST(batches(*waiting.back()).empty());
}

BOOST_AUTO_TEST_SUITE_END()
