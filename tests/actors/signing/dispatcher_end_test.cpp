// SPDX-License-Identifier: Apache-2.0

// When a dispatcher says that all is signed, and what a failure ends.

#include "actors/signing/dispatcher.hpp"

#include "tests/actors/dispatcher_fixture.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(dispatcher_end_test)

using namespace chancery;
using namespace chancery::tests;
using actors::fault;
using actors::unit;
using actors::unit_batch;
using actors::unit_result;

BOOST_FIXTURE_TEST_CASE(it_is_over_when_all_is_signed_and_on_disk,
                        dispatcher_fixture) {
  BOOST_TEST(*over()->value == false); // nothing is signed
  const auto a = next({1});
  const auto b = next({2, 3});
  BOOST_TEST(*over()->value == false); // the last ranges are out
  hand_in(batches(*a));
  BOOST_TEST(*over()->value == false);
  hand_in(batches(*b));
  // over() triggers the pending commit at once, so what follows needs no time
  // to pass.
  over();
  BOOST_TEST(*over()->value == true);
  BOOST_TEST(disk.store.read().signature_count() == 25u);
}

BOOST_FIXTURE_TEST_CASE(it_is_not_over_while_a_result_is_not_on_disk,
                        dispatcher_fixture) {
  const auto a = next({1});
  const auto b = next({2, 3});
  hand_in(batches(*a)); // the first commit is at once
  hand_in(batches(*b)); // this one later
  const auto early = signer.ask<bool>(dispatcher, actors::over_atom_v);
  run();
  BOOST_TEST(*early->value == false);
  BOOST_TEST(*over()->value == true);
}

BOOST_FIXTURE_TEST_CASE(it_is_not_over_while_a_range_is_to_be_signed_again,
                        dispatcher_fixture) {
  next({1, 2, 3});
  drop({fence_of(1, 1)});
  hand_in({batch(2, 10, 10), batch(3, 20, 5)});
  advance(10ms);
  BOOST_TEST(*over()->value == false);
  hand_in(batches(*next({4})));
  advance(10ms);
  BOOST_TEST(*over()->value == true);
}

BOOST_AUTO_TEST_CASE(a_table_without_records_is_over_at_once) {
  dispatcher_fixture empty(0);
  BOOST_TEST(*empty.over()->value == true);
}

BOOST_FIXTURE_TEST_CASE(a_drained_run_is_over_when_nothing_is_out,
                        dispatcher_fixture) {
  const auto a = next({1});
  next({2});
  caf::anon_send(dispatcher, actors::drain_atom_v);
  BOOST_TEST(*over()->value == false);
  hand_in(batches(*a));
  BOOST_TEST(*over()->value == false);
  drop({fence_of(1, 2)});
  advance(10ms);
  BOOST_TEST(*over()->value == true);
  BOOST_TEST(disk.store.read().signature_count() == 10u);
}

BOOST_FIXTURE_TEST_CASE(draining_answers_who_waits_and_finishes_what_is_out,
                        dispatcher_fixture) {
  const auto a = next({1});
  next({2, 3});
  const auto waiting = next({4});
  caf::anon_send(dispatcher, actors::drain_atom_v);
  run();
  BOOST_TEST(batches(*waiting).empty());
  BOOST_TEST(batches(*next({5})).empty());
  const auto done = finish();
  BOOST_TEST(done->pending());
  drop({fence_of(1, 2), fence_of(1, 3)});
  BOOST_TEST(done->pending());
  hand_in(batches(*a));
  BOOST_REQUIRE(done->value);
  BOOST_TEST(*done->value == 10u);
}

BOOST_FIXTURE_TEST_CASE(finishing_waits_for_the_commit, dispatcher_fixture) {
  const auto a = next({1});
  const auto b = next({2, 3});
  hand_in(batches(*a)); // the first commit is at once
  hand_in(batches(*b)); // this one 10 ms later
  const auto done = finish();
  BOOST_TEST(done->pending());
  advance(10ms);
  BOOST_REQUIRE(done->value);
  BOOST_TEST(*done->value == 25u);
}

BOOST_AUTO_TEST_CASE(a_failed_commit_reaches_everybody) {
  auto options = unsynced();
  bool broken = false;
  options.before_commit = [&broken] {
    if (broken)
      throw storage::full("the disk is full");
  };
  dispatcher_fixture f(25, options);
  const auto a = f.next({1, 2, 3});
  const auto waiting = f.next({4});
  const auto done = f.finish();
  broken = true;
  f.hand_in(f.batches(*a));
  check_fault(*waiting, fault::commit_failed);
  check_fault(*done, fault::commit_failed);
  check_fault(*f.next({5}), fault::commit_failed);
  check_fault(*f.finish(), fault::commit_failed);
  check_fault(*f.over(), fault::commit_failed);
  BOOST_TEST(actors::sentence(done->fault) == "the disk is full");
}

BOOST_AUTO_TEST_CASE(a_pass_that_stores_nothing_ends_the_run) {
  // Signatures without a batch, as no version of chancery writes them.
  dispatcher_fixture f(8, unsynced(), [](storage::record_store& store) {
    auto transaction = store.write();
    for (const std::uint32_t count : {1u, 3u}) {
      storage::batch_row row;
      row.count = count;
      BOOST_REQUIRE(transaction.put_batch(
          row, std::vector<std::byte>(std::size_t{count} * 64)));
    }
    transaction.commit();
  });
  f.hand_in(f.batches(*f.next({1})));
  BOOST_TEST(f.progress.conflicts == 1u);
  const auto a = f.next({2});
  check_fault(*a, fault::stuck);
  BOOST_TEST(contains(actors::sentence(a->fault), "audit"));
}

BOOST_AUTO_TEST_SUITE_END()
