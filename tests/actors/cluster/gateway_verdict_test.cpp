// SPDX-License-Identifier: Apache-2.0
// A worker's connection while its units are verified, and after a wrong one.
#include "actors/cluster/gateway.hpp"

#include "tests/actors/gateway_fixture.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(gateway_verdict_test)

using namespace chancery;
using namespace chancery::tests;
using actors::fault;
using actors::work_state;

namespace {

actors::work_request lying(const received_unit& u, std::uint32_t count) {
  auto request = handing_in(u, count);
  request.signatures[64 * 3] = 'x';
  return request;
}

void check_refused(const answer<actors::work_answer>& a) {
  check_fault(a, fault::refused);
  BOOST_TEST(contains(actors::sentence(a.fault), "refused for the rest"),
             actors::sentence(a.fault));
  BOOST_TEST(contains(actors::sentence(a.fault), "record"));
}

} // namespace

BOOST_AUTO_TEST_CASE(with_two_units_unverified_the_next_request_waits) {
  gateway_fixture f({.records = 100, .units_max = 4});
  f.verifying->keeps_back = true;
  const auto w = f.connected();
  const auto one = f.take(w, 2);
  const auto two = f.take(w, 2);
  const auto three = f.unit_in(f.work(w, handing_in(one, 2)));
  const auto held = f.work(w, handing_in(two, 2));
  BOOST_TEST(held->pending());
  BOOST_TEST(f.progress.keys_out == 2u); // the keys of the others are back
  f.advance(300ms);
  f.give_verdict();
  f.unit_in(held);
  BOOST_TEST(held->value->waited_ms == 300u);
  const auto again = f.work(w, handing_in(three, 1));
  BOOST_TEST(again->pending());
  f.give_verdict();
  f.give_verdict();
  f.unit_in(again);
  BOOST_TEST(f.stored() == 60u);
}

BOOST_AUTO_TEST_CASE(no_request_waits_for_verdicts_without_end) {
  gateway_fixture f({.records = 100, .units_max = 4});
  f.verifying->keeps_back = true;
  const auto w = f.connected();
  const auto one = f.take(w, 2);
  const auto two = f.take(w, 2);
  f.unit_in(f.work(w, handing_in(one, 2)));
  const auto held = f.work(w, handing_in(two, 2));
  f.advance(1'999ms);
  BOOST_TEST(held->pending());
  f.advance(1ms);
  f.check(held, work_state::wait);
  // Neither is it asked for again when a verdict comes.
  f.give_verdict();
  BOOST_TEST(f.progress.leases == 6u);
}

BOOST_AUTO_TEST_CASE(requests_that_wait_for_verdicts_are_limited) {
  gateway_fixture f({.records = 100, .units_max = 2});
  f.verifying->keeps_back = true;
  const auto w = f.connected();
  const auto one = f.take(w, 2);
  const auto two = f.take(w, 2);
  f.work(w, handing_in(one, 0));
  const auto a = f.work(w, handing_in(two, 1));
  const auto b = f.work(w, asking(1));
  BOOST_TEST(a->pending());
  BOOST_TEST(b->pending());
  check_fault(*f.work(w, asking(1)), fault::busy);
}

BOOST_AUTO_TEST_CASE(leases_that_end_while_their_unit_is_verified_end_nothing) {
  gateway_fixture f;
  f.verifying->keeps_back = true;
  const auto w = f.connected();
  const auto unit = f.take(w, 2);
  f.work(w, handing_in(unit, 0, false));
  f.advance(12'001ms);
  BOOST_TEST(f.progress.leases_lost == 2u);
  f.give_verdict();
  BOOST_TEST(f.stored() == 20u);
  BOOST_TEST(f.progress.late_results == 0u);
}

BOOST_AUTO_TEST_CASE(a_wrong_signature_ends_all_connections_of_this_worker) {
  gateway_fixture f({.records = 100});
  const auto w = f.connected("w1");
  const auto second = f.connected("w1");
  const auto other = f.connected("w2");
  const auto good = f.take(second, 1);
  const auto kept = f.take(other, 1);
  f.verifying->keeps_back = true;
  const auto asked = f.work(w, lying(f.take(w, 2), 1));
  BOOST_TEST(f.progress.units_wrong == 0u);
  f.give_verdict();
  BOOST_TEST(f.progress.units_wrong == 1u);
  // What its other connection holds is not taken any more.
  check_refused(*f.work(second, handing_in(good, 1)));
  f.unit_in(asked); // before the verdict
  check_refused(*f.work(w, asking(1)));
  BOOST_REQUIRE_EQUAL(f.progress.workers.rows().size(), 1u);
  BOOST_TEST(f.progress.workers.rows()[0].name == "w2");
  f.verifying->keeps_back = false;
  f.work(other, handing_in(kept, 0));
  BOOST_TEST(f.stored() == 10u);
}

BOOST_AUTO_TEST_CASE(requests_under_way_are_told_why) {
  gateway_fixture f({.records = 100, .keys = 4});
  const auto w = f.connected("w1");
  const auto second = f.connected("w1");
  const auto unit = f.take(w, 2);
  f.take(f.connected("w2"), 2); // all keys are out
  const auto waiting = f.work(second, asking(1));
  BOOST_TEST(waiting->pending());
  auto request = lying(unit, 1);
  request.returned.clear();
  check_refused(*f.work(w, request));
  check_refused(*waiting);
}

BOOST_AUTO_TEST_CASE(
    who_was_refused_is_refused_again_and_what_it_held_goes_on) {
  gateway_fixture f({.records = 20, .keys = 4});
  const auto w = f.connected("w1");
  f.work(w, lying(f.take(w, 2), 0));
  const auto stranger = f.stranger("w1");
  auto greeting = f.greeted(stranger);
  const auto answered = f.challenge(stranger, greeting.question());
  BOOST_REQUIRE(answered->value);
  BOOST_REQUIRE(!greeting.take(*answered->value));
  const auto again = f.prove(stranger, greeting.own_proof());
  check_fault(*again, fault::refused);
  BOOST_TEST(contains(actors::sentence(again->fault), "rest of the run"));
  const auto other = f.connected("w2");
  f.work(other, handing_in(f.take(other, 2), 0));
  BOOST_TEST(f.stored() == 20u);
}

BOOST_AUTO_TEST_CASE(a_refused_worker_that_asks_for_nothing_is_cut_off) {
  gateway_fixture f;
  const auto w = f.connected();
  f.work(w, lying(f.take(w, 2), 0));
  BOOST_TEST(f.progress.workers.rows().size() == 1u);
  check_fault(*f.renew(f.connected("w2"), "x"), fault::malformed);
  f.advance(4'999ms);
  BOOST_TEST(f.progress.workers.rows().size() == 2u);
  f.advance(1ms);
  BOOST_REQUIRE_EQUAL(f.progress.workers.rows().size(), 1u);
  BOOST_TEST(f.progress.workers.rows()[0].name == "w2");
}

BOOST_AUTO_TEST_CASE(a_wrong_length_is_malformed_and_refuses_nobody) {
  gateway_fixture f;
  const auto w = f.connected();
  auto request = handing_in(f.take(w, 2), 0);
  request.signatures.pop_back();
  check_fault(*f.work(w, request), fault::malformed);
  BOOST_TEST(f.progress.refused.list().empty());
  BOOST_TEST(f.stored() == 0u);
  f.take(w, 1);
}

BOOST_AUTO_TEST_SUITE_END()
