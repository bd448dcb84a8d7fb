// SPDX-License-Identifier: Apache-2.0
// What other hosts hand in: judged at once, stored once verified.
#include "actors/signing/dispatcher.hpp"

#include "tests/actors/dispatcher_fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <memory>
#include <string>
#include <vector>

BOOST_AUTO_TEST_SUITE(dispatcher_remote_test)

using namespace chancery;
using namespace chancery::tests;
using actors::fault;
using actors::unit_batch;
using actors::unit_verdict;

namespace {

// Batches of the fixture's 25 records, handed in by a worker. Which signatures
// are wrong is marked in the list.
struct fixture : dispatcher_fixture {
  fixture() { verifying->keeps_back = true; }

  std::shared_ptr<answer<unit_verdict>>
  hand_in_remote(const std::vector<unit_batch>& list,
                 const std::vector<std::size_t>& wrong = {},
                 const std::string& worker = "w1") {
    std::string batches;
    std::vector<storage::key_name> keys;
    std::size_t size = 0;
    for (const auto& b : list) {
      encode(b, batches);
      keys.push_back(name_of(static_cast<unsigned>(b.fence & 0xffff)));
      size += b.count;
    }
    std::string signatures(size * 64, 's');
    for (const auto i : wrong)
      signatures[i * 64 + 9] = 'x';
    auto a = signer.ask<unit_verdict>(
        dispatcher, actors::hand_in_atom_v,
        actors::remote_result{std::make_shared<const actors::remote_unit>(
            worker, batches, keys, std::string(size * 32, 'd'), signatures,
            64)});
    run();
    return a;
  }

  std::uint64_t stored() {
    advance(10ms);
    advance(10ms);
    return disk.store.read().signature_count();
  }
};

void check_verdict(const answer<unit_verdict>& a, bool right) {
  BOOST_REQUIRE_MESSAGE(a.value, actors::sentence(a.fault));
  BOOST_TEST(a.value->right == right);
  BOOST_TEST(a.value->why.empty() == right);
}

} // namespace

BOOST_FIXTURE_TEST_CASE(a_unit_is_stored_after_its_verdict_and_not_before,
                        fixture) {
  const auto all = batches(*next({1, 2, 3}));
  const auto a = hand_in_remote(all);
  BOOST_TEST(a->pending());
  BOOST_TEST(stored() == 0u);
  give_verdict();
  check_verdict(*a, true);
  BOOST_TEST(stored() == 25u);
  BOOST_TEST(*finish()->value == 25u);
  BOOST_TEST(progress.verified == 25u);
  const auto row = disk.store.read().batch_of(10);
  BOOST_REQUIRE(row);
  BOOST_TEST(row->fence == fence_of(1, 2));
  BOOST_TEST((row->key == name_of(2)));
  BOOST_TEST(
      (disk.store.read().batch_of(20)->reason == storage::short_reason::end));
}

BOOST_FIXTURE_TEST_CASE(the_end_of_its_leases_does_not_touch_a_parked_unit,
                        fixture) {
  const auto all = batches(*next({1, 2, 3}));
  hand_in_remote(all);
  drop({fence_of(1, 1)});
  release({fence_of(1, 2), fence_of(1, 3)});
  const auto waiting = next({4});
  BOOST_TEST(waiting->pending());
  BOOST_TEST(!*over()->value);
  give_verdict();
  BOOST_TEST(stored() == 25u);
  BOOST_TEST(batches(*waiting).empty());
  BOOST_TEST(progress.late_results == 0u);
}

BOOST_FIXTURE_TEST_CASE(a_wrong_unit_is_dropped_whole_and_goes_to_others,
                        fixture) {
  const auto all = batches(*next({1, 2, 3}));
  const auto a = hand_in_remote(all, {17});
  const auto waiting = next({4, 5, 6});
  give_verdict();
  check_verdict(*a, false);
  BOOST_TEST(contains(a->value->why, "1 of 25 signatures"), a->value->why);
  BOOST_TEST(contains(a->value->why, "record 17"), a->value->why);
  const std::vector<unit_batch> again{batch(4, 0, 10), batch(5, 10, 10),
                                      batch(6, 20, 5)};
  BOOST_TEST((batches(*waiting) == again));
  BOOST_TEST(stored() == 0u);
  BOOST_TEST(*progress.refused.why("w1") == a->value->why);
  hand_in(again);
  BOOST_TEST(stored() == 25u);
  BOOST_TEST(*finish()->value == 25u);
}

BOOST_FIXTURE_TEST_CASE(whatever_else_the_liar_has_parked_is_dropped, fixture) {
  const auto one = batches(*next({1}));
  const auto two = batches(*next({2}));
  const auto three = batches(*next({3}));
  const auto a = hand_in_remote(one, {0});
  const auto b = hand_in_remote(two);
  const auto c = hand_in_remote(three, {}, "w2");
  give_verdict();
  check_verdict(*a, false);
  check_verdict(*b, false);
  BOOST_TEST(c->pending());
  give_verdict(); // of a unit that is gone
  give_verdict();
  check_verdict(*c, true);
  BOOST_TEST(stored() == 5u);
  // Refused without being verified: the two ranges go to others.
  const auto again = batches(*next({7, 8}));
  BOOST_TEST(again.size() == 2u);
  check_verdict(*hand_in_remote(again), false);
  BOOST_TEST(verifying->waiting.empty());
  BOOST_TEST((batches(*next({9})) == std::vector{batch(9, 0, 10)}));
  BOOST_TEST(stored() == 5u);
}

BOOST_FIXTURE_TEST_CASE(late_batches_are_neither_verified_nor_stored, fixture) {
  const auto all = batches(*next({1, 2, 3}));
  drop({fence_of(1, 2)});
  verifying->keeps_back = false;
  // The signature that is wrong came too late to matter.
  check_verdict(*hand_in_remote(all, {12}), true);
  BOOST_TEST(verifying->signatures == 15u);
  BOOST_TEST(progress.late_results == 1u);
  BOOST_TEST(stored() == 15u);
  check_verdict(*hand_in_remote(all), true);
  BOOST_TEST(progress.late_results == 4u);
  BOOST_TEST(verifying->signatures == 15u);
}

BOOST_FIXTURE_TEST_CASE(a_drain_waits_for_verdicts, fixture) {
  hand_in_remote(batches(*next({1, 2, 3})), {}, "w1");
  caf::anon_send(dispatcher, actors::drain_atom_v);
  const auto done = finish();
  BOOST_TEST(done->pending());
  give_verdict();
  advance(10ms);
  BOOST_REQUIRE(done->value);
  BOOST_TEST(*done->value == 25u);
}

BOOST_FIXTURE_TEST_CASE(without_a_verifier_the_run_ends, fixture) {
  const auto all = batches(*next({1, 2, 3}));
  const auto waiting = next({4});
  caf::anon_send_exit(verifier, caf::exit_reason::kill);
  const auto a = hand_in_remote(all);
  BOOST_TEST(!a->pending());
  BOOST_TEST(!a->value.has_value());
  BOOST_TEST(!waiting->pending());
  BOOST_TEST(!waiting->value.has_value());
  BOOST_TEST(stored() == 0u);
}

BOOST_FIXTURE_TEST_CASE(without_the_defence_a_wrong_unit_is_stored, fixture) {
  actors::dispatcher_config config;
  config.store = &disk.store;
  config.batch_size = 10;
  config.wall_clock_ms = [] { return std::uint64_t{42}; };
  config.progress = &progress;
  defence_switch::remote_units(config.defended) = false;
  dispatcher = keep(system.spawn(actors::dispatcher, config, writer));
  check_verdict(*hand_in_remote(batches(*next({1, 2, 3})), {3}), true);
  BOOST_TEST(stored() == 25u);
}

BOOST_AUTO_TEST_SUITE_END()
