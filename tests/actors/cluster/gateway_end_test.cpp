// SPDX-License-Identifier: Apache-2.0
//
// How a gateway ends, and what a worker can keep: nothing for ever, and nobody
// without an answer.

#include "actors/cluster/gateway.hpp"

#include "tests/actors/gateway_fixture.hpp"
#include "tests/defence_switch.hpp"

BOOST_AUTO_TEST_SUITE(gateway_end_test)

using namespace chancery;
using namespace chancery::tests;
using actors::fault;
using actors::work_state;

namespace {

/// Two batches are left, which one unit holds.
coordinator_limits one_unit(bool lives_end = true) {
  coordinator_limits limits;
  limits.records = 20;
  defence_switch::lease_lives(limits.defended) = lives_end;
  return limits;
}

/// Whether a second worker ever gets the unit that the first renews, for as
/// long as five minutes, and never hands in.
bool another_gets_it(bool lives_end) {
  gateway_fixture f(one_unit(lives_end));
  const auto keeper = f.connected("keeper");
  const auto other = f.connected("other");
  const auto kept = f.take(keeper, 2);
  for (int i = 0; i < 60; ++i) {
    const auto greedy = f.work(keeper, asking(2));
    const auto a = f.work(other, asking(2));
    f.renew(keeper, kept.leases);
    for (int step = 0; step < 20; ++step) // a jump would end all waits at once
      f.advance(250ms);
    if (a->value->state == static_cast<std::uint8_t>(work_state::unit)) {
      f.work(other, handing_in(f.unit_in(a), 0));
      return f.stored() == 20u;
    }
  }
  return false;
}

} // namespace

BOOST_AUTO_TEST_CASE(a_unit_that_is_kept_for_ever_goes_to_another) {
  BOOST_TEST(another_gets_it(true));
}

BOOST_AUTO_TEST_CASE(where_leases_live_for_ever_a_worker_holds_up_a_run) {
  BOOST_TEST(!another_gets_it(false));
}

BOOST_AUTO_TEST_CASE(a_slow_worker_that_hands_in_loses_nothing) {
  gateway_fixture f(one_unit());
  const auto slow = f.connected("slow");
  const auto unit = f.take(slow, 2);
  for (int i = 0; i < 19; ++i) { // 95 of 100 s
    f.advance(5s);
    BOOST_TEST(!f.renew(slow, unit.leases)->value->leases.empty());
  }
  f.work(slow, handing_in(unit, 0));
  BOOST_TEST(f.stored() == 20u);
  BOOST_TEST(f.progress.leases_lost == 0u);
}

BOOST_AUTO_TEST_CASE(every_open_request_is_answered_at_its_end) {
  coordinator_limits limits;
  limits.keys = 2;
  gateway_fixture f(limits);
  f.take(f.connected("w1"), 2); // all keys
  for (const bool cut : {true, false}) {
    const auto w = f.connected("w2");
    const auto waiting = f.work(w, asking(1));
    BOOST_TEST(waiting->pending());
    if (cut)
      f.kill(w);
    else
      f.greet(w, gateway_fixture::right_hello()); // out of order
    BOOST_TEST(!waiting->pending());
    BOOST_TEST(!waiting->value);
  }
}

BOOST_FIXTURE_TEST_CASE(a_message_of_no_protocol_ends_the_connection,
                        gateway_fixture) {
  for (const auto& strange :
       {caf::make_message(), caf::make_message(right_hello()),
        caf::make_message(std::string(1'000, 'x')),
        caf::make_message(actors::work_atom_v)}) {
    const auto w = connected();
    notes.clear();
    caf::anon_send(caf::actor_cast<caf::actor>(w.gateway), strange);
    run();
    BOOST_TEST(ended(w));
    BOOST_REQUIRE_EQUAL(notes.size(), 1u);
    BOOST_TEST(notes[0].find("does not have") != std::string::npos);
  }
}

BOOST_AUTO_TEST_SUITE_END()
