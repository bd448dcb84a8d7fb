// SPDX-License-Identifier: Apache-2.0
// A gateway until it serves its worker. The rules of the greeting alone are in
// worker_greeting_test.cpp.
#include "actors/cluster/gateway.hpp"

#include "tests/actors/gateway_fixture.hpp"

BOOST_AUTO_TEST_SUITE(gateway_greeting_test)

using namespace chancery;
using namespace chancery::tests;
using actors::fault;

namespace {

using greeting_fixture = gateway_fixture;

template <class T>
void check_refused(const answer<T>& a, const std::string& why) {
  check_fault(a, fault::refused);
  BOOST_TEST(contains(actors::sentence(a.fault), why),
             actors::sentence(a.fault));
}

} // namespace

BOOST_FIXTURE_TEST_CASE(whoever_fits_is_told_what_it_needs, greeting_fixture) {
  const auto a = greet(stranger(), right_hello());
  BOOST_REQUIRE(a->value);
  BOOST_TEST(a->value->protocol == 4u);
  BOOST_TEST(a->value->software == "coordinator");
  BOOST_TEST(a->value->folder == std::string(16, 'f'));
  BOOST_TEST(a->value->units_max == 2u);
}

BOOST_FIXTURE_TEST_CASE(whoever_does_not_fit_is_told_why_and_sent_away,
                        greeting_fixture) {
  const auto refused = [this](auto change, const std::string& why) {
    auto h = right_hello();
    change(h);
    const auto w = stranger();
    check_refused(*greet(w, h), why);
    BOOST_TEST(ended(w));
    BOOST_TEST(contains(notes.back(), why), notes.back());
  };
  refused([](auto& h) { h.protocol = 1; },
          "this worker (worker) speaks version 1 of the protocol, and this "
          "coordinator (coordinator) speaks version 4");
  refused([](auto& h) { h.protocol = 9; }, "speaks version 9");
  refused([](auto& h) { h.folder[15] = 'x'; }, "another data folder");
  refused([](auto& h) { h.folder.clear(); }, "another data folder");
  refused([](auto& h) { h.fingerprint[0] = 'x'; }, "chancery keys bundle");
  refused([](auto& h) { h.fingerprint.clear(); }, "chancery keys bundle");
  refused([](auto& h) { h.instance.pop_back(); }, "wrong length");
  refused([](auto& h) { h.instance += 'i'; }, "wrong length");
  BOOST_TEST(progress.workers.rows().empty());
}

// Work, a renewal and a goodbye after each step of the greeting but the last.
BOOST_FIXTURE_TEST_CASE(nothing_is_served_before_the_proof, greeting_fixture) {
  const auto begin = {std::function<worker()>([this] { return stranger(); }),
                      std::function<worker()>([this] {
                        const auto w = stranger();
                        greeted(w);
                        return w;
                      }),
                      std::function<worker()>([this] {
                        const auto w = stranger();
                        BOOST_REQUIRE(
                            challenge(w, greeted(w).question())->value);
                        return w;
                      })};
  for (const auto& meet : begin) {
    for (const std::uint32_t count : {0u, 1u}) {
      const auto w = meet();
      check_refused(*work(w, asking(count)), "first");
      BOOST_TEST(ended(w));
    }
    const auto w = meet();
    check_refused(*renew(w, ""), "first");
    BOOST_TEST(ended(w));
    const auto leaving = meet();
    caf::anon_send(leaving.gateway, actors::bye_atom_v);
    run();
    BOOST_TEST(!ended(leaving));
  }
  BOOST_TEST(progress.leases == 0u);
  BOOST_TEST(progress.workers.rows().empty());
}

BOOST_FIXTURE_TEST_CASE(who_proves_the_keyring_is_served, greeting_fixture) {
  const auto w = stranger("w3");
  auto check = greeted(w);
  const auto answered = challenge(w, check.question());
  BOOST_REQUIRE(answered->value);
  BOOST_TEST(!check.take(*answered->value));
  BOOST_TEST(progress.workers.rows().empty());
  BOOST_REQUIRE(prove(w, check.own_proof())->value);
  BOOST_TEST(row().name == "w3");
  const auto leases = crypto::decode_leases(take(w, 1).leases);
  BOOST_TEST(leases.instance[0] == 'i');
  BOOST_TEST(notes.empty());
}

// It has a certificate, the public key ids and the folder's id: all that a
// hello states. It does not have the lease secret.
BOOST_FIXTURE_TEST_CASE(a_certificate_without_the_keyring_is_sent_away,
                        greeting_fixture) {
  for (const auto& mac :
       {std::string(), std::string(32, '\0'), std::string(32, 'm')}) {
    const auto w = stranger();
    const auto answered = challenge(w, greeted(w).question());
    BOOST_REQUIRE(answered->value);
    check_refused(*prove(w, {mac}), "does not hold the keyring");
    BOOST_TEST(ended(w));
    const auto mirror = stranger();
    const auto theirs = challenge(mirror, greeted(mirror).question());
    BOOST_REQUIRE(theirs->value);
    check_refused(*prove(mirror, {theirs->value->mac}), "its proof is wrong");
  }
  BOOST_TEST(progress.workers.rows().empty());
  BOOST_TEST(progress.leases == 0u);
}

// What the check of the proof prevents: the same host gets keys, and what it
// hands in reaches the dispatcher.
BOOST_FIXTURE_TEST_CASE(without_the_check_a_certificate_alone_is_served,
                        greeting_fixture) {
  defence_switch::challenge(defended) = false;
  const auto w = stranger();
  challenge(w, greeted(w).question());
  BOOST_REQUIRE(prove(w, {std::string(32, 'm')})->value);
  BOOST_TEST(row().name == "w1");
  const auto unit = take(w, 2);
  BOOST_TEST(progress.keys_out == 2u);
  work(w, handing_in(unit, 0));
  BOOST_TEST(progress.late_results == 0u);
}

BOOST_FIXTURE_TEST_CASE(a_recorded_greeting_is_not_valid_again,
                        greeting_fixture) {
  const auto first = stranger();
  auto check = greeted(first);
  const auto answered = challenge(first, check.question());
  BOOST_REQUIRE(answered->value);
  BOOST_REQUIRE(!check.take(*answered->value));
  const auto recorded = check.own_proof();
  BOOST_REQUIRE(prove(first, recorded)->value);
  const auto again = stranger();
  greeted(again);
  const auto other = challenge(again, check.question()); // the same nonce
  BOOST_REQUIRE(other->value);
  BOOST_TEST((other->value->nonce != answered->value->nonce));
  BOOST_TEST((other->value->mac != answered->value->mac));
  check_refused(*prove(again, recorded), "its proof is wrong");
}

BOOST_FIXTURE_TEST_CASE(each_step_is_taken_once, greeting_fixture) {
  const auto refused = [this](const worker& w, const auto& answer) {
    check_refused(*answer, "out of order");
    BOOST_TEST(ended(w));
  };
  const auto w = stranger();
  refused(w, challenge(w, {std::string(32, 'n')}));
  const auto hasty = stranger();
  refused(hasty, prove(hasty, {std::string(32, 'm')}));
  const auto twice = stranger();
  greeted(twice);
  refused(twice, greet(twice, right_hello()));
  const auto asks_twice = stranger();
  const auto question = greeted(asks_twice).question();
  challenge(asks_twice, question);
  refused(asks_twice, challenge(asks_twice, question));
  const auto guest = connected();
  refused(guest, challenge(guest, {std::string(32, 'n')}));
  const auto again = connected();
  refused(again, greet(again, right_hello()));
}

BOOST_FIXTURE_TEST_CASE(a_greeting_has_ten_seconds, greeting_fixture) {
  const auto silent = stranger("silent");
  const auto welcomed = stranger("welcomed");
  greeted(welcomed);
  const auto challenged = stranger("challenged");
  challenge(challenged, greeted(challenged).question());
  const auto guest = connected("guest");
  advance(9'999ms);
  BOOST_TEST(notes.empty());
  advance(1ms);
  BOOST_REQUIRE_EQUAL(notes.size(), 3u);
  for (const auto& n : notes)
    BOOST_TEST(contains(n, "did not complete its greeting in 10 s"), n);
  for (const auto& w : {silent, welcomed, challenged})
    BOOST_TEST(ended(w));
  BOOST_TEST(!ended(guest));
  take(guest, 1);
}

BOOST_AUTO_TEST_SUITE_END()
