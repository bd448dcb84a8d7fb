// SPDX-License-Identifier: Apache-2.0
// The greeting over real TLS connections: what a host with a certificate can do
// that lies, relays and repeats.
#include "tests/actors/cluster/greeting_hosts.hpp"

#include "actors/systems/worker_run.hpp"
#include "crypto/keyring/keyring_bundle.hpp"
#include "tests/actors/fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <atomic>

BOOST_AUTO_TEST_SUITE(greeting_test)

using namespace chancery;
using namespace chancery::tests;
using crypto::host_role;

namespace {

std::string text_of_id(const auto& id) { return {id.begin(), id.end()}; }

/// A coordinator of a keyring, and certificates to come to it with.
struct greeting_world {
  crypto::keyring keys = keyring_of(2);
  std::vector<std::byte> secret{keys.lease_secret().begin(),
                                keys.lease_secret().end()};
  certificate_office certificates;
  crypto::host_credentials offices =
      certificates.issue(host_role::coordinator, "office");
  crypto::host_credentials desks =
      certificates.issue(host_role::worker, "desk");
  greeting_office office{offices, secret,
                         text_of_id(crypto::worker_fingerprint(keys))};

  /// All of it is public, or known to whoever saw a bundle's outside.
  actors::hello hello() const {
    return {actors::protocol_version, "chancery 9", std::string(16, 'i'),
            text_of_id(crypto::worker_fingerprint(keys)), std::string(16, 'f')};
  }

  actors::coordinator_check honest(const greeting_desk& desk) const {
    return {hello(), desk.peer.channel, crypto::greeting_prover(secret),
            crypto::system_random()};
  }

  /// The real worker with these keys; the sentence that it ends with.
  std::string run(const crypto::keyring& own, std::uint16_t port) const {
    actors::worker_options options;
    options.credentials = desks;
    options.host = "127.0.0.1";
    options.port = port;
    options.software = "chancery 9";
    options.note = [](const std::string&) {};
    crypto::random_id folder{};
    folder.fill('f');
    const std::atomic<bool> never{false};
    actors::worker_progress progress;
    try {
      actors::run_worker(own, folder, options, never, progress);
    } catch (const actors::worker_refused& e) {
      return e.what();
    }
    return "it ended well";
  }
};

/// Sends the first two steps; the coordinator's answer must come.
actors::challenge_answer question(greeting_desk& desk,
                                  const actors::hello& hello,
                                  const actors::challenge& c) {
  BOOST_REQUIRE_MESSAGE(desk.ask<actors::welcome>(actors::hello_atom_v, hello),
                        desk.why);
  const auto answer =
      desk.ask<actors::challenge_answer>(actors::prove_atom_v, c);
  BOOST_REQUIRE_MESSAGE(answer, desk.why);
  return *answer;
}

/// Sends this proof, which must be wrong; the link must end.
void check_wrong(greeting_desk& desk, const actors::proof& p) {
  BOOST_TEST(!desk.ask<actors::admitted>(actors::prove_atom_v, p));
  BOOST_TEST(contains(desk.why, "does not hold the keyring"), desk.why);
  BOOST_TEST(desk.link_ends());
}

// Protocol 1: no proofs, and its answer to any other version.
using first_gateway_actor = caf::typed_actor<
    caf::replies_to<actors::hello_atom, actors::hello>::with<actors::welcome>,
    caf::replies_to<actors::work_atom,
                    actors::work_request>::with<actors::work_answer>,
    caf::replies_to<actors::renew_atom,
                    actors::renew_request>::with<actors::grant>,
    caf::reacts_to<actors::bye_atom>>;

first_gateway_actor::behavior_type first_gateway(first_gateway_actor::pointer,
                                                 bool lenient) {
  return {
      [lenient](actors::hello_atom,
                const actors::hello& h) -> caf::result<actors::welcome> {
        if (!lenient && h.protocol != 1)
          return actors::make_fault(
              actors::fault::refused,
              "this worker (" + h.software + ") speaks version " +
                  std::to_string(h.protocol) +
                  " of the protocol, and this coordinator (chancery 0.1) "
                  "speaks version 1");
        actors::welcome w;
        w.protocol = 1;
        w.software = "chancery 0.1";
        w.folder = std::string(16, 'f');
        return w;
      },
      [](actors::work_atom, const actors::work_request&) {
        return actors::work_answer{};
      },
      [](actors::renew_atom, const actors::renew_request&) {
        return actors::grant{};
      },
      [](actors::bye_atom) {},
  };
}

} // namespace

BOOST_AUTO_TEST_CASE(who_holds_the_keyring_is_admitted) {
  greeting_world w;
  greeting_desk desk(w.desks, w.office.port());
  auto check = w.honest(desk);
  const auto welcomed =
      desk.ask<actors::welcome>(actors::hello_atom_v, w.hello());
  BOOST_REQUIRE_MESSAGE(welcomed, desk.why);
  BOOST_TEST(!check.take(*welcomed));
  const auto answer = desk.ask<actors::challenge_answer>(actors::prove_atom_v,
                                                         check.question());
  BOOST_REQUIRE_MESSAGE(answer, desk.why);
  BOOST_TEST(!check.take(*answer));
  BOOST_TEST(w.office.admitted() == 0u);
  BOOST_TEST(
      !!desk.ask<actors::admitted>(actors::prove_atom_v, check.own_proof()),
      desk.why);
  BOOST_TEST(w.office.admitted() == 1u);
}

BOOST_AUTO_TEST_CASE(a_certificate_alone_gets_a_refusal_and_no_work) {
  greeting_world w;
  greeting_desk desk(w.desks, w.office.port());
  const auto answer = question(desk, w.hello(), {std::string(32, 'n')});
  BOOST_TEST(answer.mac.size() == 32u);
  check_wrong(desk, {std::string(32, 'm')});
  desk.dial();
  question(desk, w.hello(), {std::string(32, 'n')});
  actors::work_request request;
  request.count = 1;
  BOOST_TEST(!desk.ask<actors::work_answer>(actors::work_atom_v, request));
  BOOST_TEST(contains(desk.why, "prove the keyring first"), desk.why);
  BOOST_TEST(desk.link_ends());
  BOOST_TEST(w.office.said("the worker does not hold"));
  BOOST_TEST(w.office.admitted() == 0u);
}

BOOST_AUTO_TEST_CASE(the_coordinators_own_answer_is_no_proof_of_a_worker) {
  greeting_world w;
  greeting_desk desk(w.desks, w.office.port());
  const auto first = question(desk, w.hello(), {std::string(32, 'n')});
  check_wrong(desk, {first.mac});
  // Its nonce comes back as ours: the same text on both sides.
  desk.dial();
  const auto second = question(desk, w.hello(), {first.nonce});
  BOOST_TEST((second.nonce != first.nonce));
  check_wrong(desk, {second.mac});
}

// The one in the middle has copies of the certificates and keys of both hosts,
// so the two connections differ in TLS alone.
BOOST_AUTO_TEST_CASE(a_relayed_greeting_is_refused_by_both_ends) {
  greeting_world w;
  greeting_desk middle(w.desks, w.office.port());
  BOOST_REQUIRE_MESSAGE(middle.peer.gateway, middle.why);
  gateway_host relaying(middle.system(), w.offices, [&] {
    return offered(middle.system(),
                   middle.system().spawn(relay, middle.gateway()));
  });
  greeting_desk desk(w.desks, relaying.port());
  BOOST_REQUIRE_MESSAGE(desk.peer.gateway, desk.why);
  BOOST_TEST(desk.peer.channel.own_serial == middle.peer.channel.own_serial);
  BOOST_TEST(desk.peer.channel.peer.serial == middle.peer.channel.peer.serial);
  auto check = w.honest(desk);
  const auto welcomed =
      desk.ask<actors::welcome>(actors::hello_atom_v, w.hello());
  BOOST_REQUIRE_MESSAGE(welcomed, desk.why);
  BOOST_TEST(!check.take(*welcomed));
  const auto answer = desk.ask<actors::challenge_answer>(actors::prove_atom_v,
                                                         check.question());
  BOOST_REQUIRE_MESSAGE(answer, desk.why);
  const auto wrong = check.take(*answer);
  BOOST_REQUIRE(wrong);
  BOOST_TEST(contains(*wrong, "does not hold this worker's keyring"), *wrong);
  // Even if it went on.
  BOOST_TEST(
      !desk.ask<actors::admitted>(actors::prove_atom_v, check.own_proof()));
  BOOST_TEST(contains(desk.why, "does not hold the keyring"), desk.why);
  BOOST_TEST(middle.link_ends());
  BOOST_TEST(w.office.admitted() == 0u);
}

BOOST_AUTO_TEST_CASE(a_real_worker_does_not_sign_through_a_relay) {
  greeting_world w;
  greeting_desk middle(w.desks, w.office.port());
  gateway_host relaying(middle.system(), w.offices, [&] {
    return offered(middle.system(),
                   middle.system().spawn(relay, middle.gateway()));
  });
  const auto why = w.run(w.keys, relaying.port());
  BOOST_TEST(contains(why, "the coordinator does not hold this worker's "
                           "keyring"),
             why);
  BOOST_TEST(w.office.admitted() == 0u);
}

BOOST_AUTO_TEST_CASE(a_recorded_greeting_is_refused_over_a_new_connection) {
  greeting_world w;
  greeting_desk desk(w.desks, w.office.port());
  auto check = w.honest(desk);
  actors::welcome welcomed;
  welcomed.folder = std::string(16, 'f');
  welcomed.instance = std::string(16, 'j');
  welcomed.epoch_id = std::string(16, 'e');
  BOOST_TEST(!check.take(welcomed));
  const auto answer = question(desk, w.hello(), check.question());
  BOOST_TEST(!check.take(answer));
  const auto recorded = check.own_proof();
  BOOST_TEST(!!desk.ask<actors::admitted>(actors::prove_atom_v, recorded),
             desk.why);
  desk.dial();
  const auto again = question(desk, w.hello(), check.question());
  BOOST_TEST((again.mac != answer.mac));
  BOOST_TEST(!check.take(answer)); // it is right for the earlier connection
  check_wrong(desk, recorded);
}

// Another folder's keyring with the same record keys has the same fingerprint.
BOOST_AUTO_TEST_CASE(the_same_keys_with_another_secret_are_another_keyring) {
  greeting_world w;
  const crypto::keyring other(crypto::curve::p256, w.keys.keys(),
                              std::vector<std::byte>(32, std::byte{1}));
  const auto why = w.run(other, w.office.port());
  BOOST_TEST(contains(why, "does not hold this worker's keyring"), why);
  const auto fewer = w.run(keyring_of(1), w.office.port());
  BOOST_TEST(contains(fewer, "other keys than the coordinator"), fewer);
  BOOST_TEST(w.office.admitted() == 0u);
}

BOOST_AUTO_TEST_CASE(an_older_worker_is_refused_in_words) {
  greeting_world w;
  greeting_desk desk(w.desks, w.office.port());
  auto old = w.hello();
  old.protocol = 1;
  old.software = "chancery 0.1";
  BOOST_TEST(!desk.ask<actors::welcome>(actors::hello_atom_v, old));
  BOOST_TEST(contains(desk.why,
                      "this worker (chancery 0.1) speaks version 1 of the "
                      "protocol, and this coordinator (chancery 9) speaks "
                      "version 4"),
             desk.why);
  BOOST_TEST(desk.link_ends());
}

BOOST_AUTO_TEST_CASE(an_older_coordinator_is_refused_in_words) {
  greeting_world w;
  own_process old;
  const auto why = [&](bool lenient) {
    gateway_host first(old.system, w.offices, [&] {
      return offered(old.system, old.system.spawn(first_gateway, lenient));
    });
    return w.run(w.keys, first.port());
  };
  const auto its = why(false);
  BOOST_TEST(contains(its, "speaks version 4 of the protocol, and this "
                           "coordinator (chancery 0.1) speaks version 1"),
             its);
  const auto ours = why(true);
  BOOST_TEST(contains(ours, "the coordinator (chancery 0.1) speaks version 1 "
                            "of the protocol, and this worker speaks "
                            "version 4"),
             ours);
}

BOOST_AUTO_TEST_SUITE_END()
