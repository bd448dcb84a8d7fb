// SPDX-License-Identifier: Apache-2.0
// The two sides of a greeting, against each other and against hosts that lie.
#include "actors/cluster/worker_greeting.hpp"

#include "actors/cluster/coordinator_check.hpp"

#include <boost/test/unit_test.hpp>

#include <functional>
#include <vector>

BOOST_AUTO_TEST_SUITE(worker_greeting_test)

using namespace chancery;
using actors::coordinator_check;
using actors::worker_greeting;

namespace {

using sentence = std::optional<std::string>;

crypto::greeting_prover prover_with(std::byte secret) {
  return crypto::greeting_prover(std::vector<std::byte>(32, secret));
}

const std::byte keyring_here{7};
const std::byte keyring_elsewhere{8};

/// Both ends of one connection; a test changes one of them.
struct meeting {
  actors::hello hello{actors::protocol_version, "worker", std::string(16, 'i'),
                      std::string(32, 'p'), std::string(16, 'f')};
  actors::welcome welcome;
  actors::secure_channel at_worker{
      {"office", crypto::host_role::coordinator, "0b"},
      "0a",
      std::string(32, 'x')};
  actors::secure_channel at_coordinator{
      {"desk", crypto::host_role::worker, "0a"}, "0b", std::string(32, 'x')};
  std::byte workers_secret = keyring_here;
  std::byte coordinators_secret = keyring_here;

  meeting() {
    welcome.software = "coordinator";
    welcome.instance = std::string(16, 'j');
    welcome.epoch = 7;
    welcome.epoch_id = std::string(16, 'e');
    welcome.folder = std::string(16, 'f');
  }

  worker_greeting coordinator() const {
    return worker_greeting({welcome, std::string(32, 'p'), at_coordinator,
                            prover_with(coordinators_secret)});
  }

  coordinator_check worker() const {
    return {hello, at_worker, prover_with(workers_secret),
            crypto::system_random()};
  }
};

bool says(const sentence& wrong, const std::string& words) {
  return wrong && wrong->find(words) != std::string::npos;
}

/// The whole greeting as it was meant; the worker's sentence, if it has one,
/// else the coordinator's.
sentence greet(const meeting& m) {
  auto coordinator = m.coordinator();
  auto worker = m.worker();
  if (auto wrong = coordinator.take(m.hello))
    return wrong;
  if (auto wrong = worker.take(m.welcome))
    return wrong;
  if (auto wrong = coordinator.take(worker.question()))
    return wrong;
  if (auto wrong = worker.take(coordinator.answer()))
    return wrong;
  return coordinator.take(worker.own_proof());
}

} // namespace

BOOST_AUTO_TEST_CASE(two_that_hold_the_keyring_meet) {
  const meeting m;
  auto coordinator = m.coordinator();
  auto worker = m.worker();
  BOOST_TEST(says(coordinator.missing(), "hello"));
  BOOST_TEST(!coordinator.take(m.hello));
  BOOST_TEST(!worker.take(m.welcome));
  BOOST_TEST(worker.theirs().epoch == 7u);
  BOOST_TEST(says(coordinator.missing(), "prove"));
  BOOST_TEST(!coordinator.take(worker.question()));
  BOOST_TEST(!worker.take(coordinator.answer()));
  BOOST_TEST(says(coordinator.missing(), "prove"));
  BOOST_TEST(!coordinator.admitted());
  BOOST_TEST(!coordinator.take(worker.own_proof()));
  BOOST_TEST(!coordinator.missing());
  BOOST_TEST(coordinator.admitted());
  BOOST_TEST(coordinator.instance() == std::string(16, 'i'));
}

BOOST_AUTO_TEST_CASE(nonces_are_long_and_new_each_time) {
  const meeting m;
  auto one = m.coordinator();
  auto other = m.coordinator();
  const auto question = m.worker().question();
  BOOST_TEST(question.nonce.size() == 32u);
  BOOST_TEST((question.nonce != m.worker().question().nonce));
  for (auto* c : {&one, &other}) {
    BOOST_TEST(!c->take(m.hello));
    BOOST_TEST(!c->take(question));
    BOOST_TEST(c->answer().nonce.size() == 32u);
    BOOST_TEST(c->answer().mac.size() == 32u);
  }
  BOOST_TEST((one.answer().nonce != other.answer().nonce));
  BOOST_TEST((one.answer().mac != other.answer().mac));
}

// Whatever differs at the two ends, the worker finds it first, as it does not
// prove itself to a coordinator that has not.
BOOST_AUTO_TEST_CASE(all_that_both_know_must_be_equal) {
  const std::vector<std::function<void(meeting&)>> differences{
      [](auto& m) { m.workers_secret = keyring_elsewhere; },
      [](auto& m) { m.coordinators_secret = keyring_elsewhere; },
      [](auto& m) { m.at_worker.binding[0] = 'y'; },
      [](auto& m) { m.at_coordinator.binding.clear(); },
      [](auto& m) { m.at_worker.own_serial = "0c"; },
      [](auto& m) { m.at_worker.peer.serial = "0c"; },
      [](auto& m) { m.at_coordinator.own_serial = "0c"; },
      [](auto& m) { m.at_coordinator.peer.serial = "0c"; },
      [](auto& m) {
        std::swap(m.at_worker.own_serial, m.at_worker.peer.serial);
      }};
  BOOST_TEST(!greet({}));
  for (const auto& change : differences) {
    meeting m;
    change(m);
    BOOST_TEST(says(greet(m), "does not hold this worker's keyring"));
  }
}

// A man in the middle who changes what the other side said.
BOOST_AUTO_TEST_CASE(what_was_said_is_proved) {
  const std::vector<std::function<void(actors::hello&, actors::welcome&)>> lies{
      [](auto& h, auto&) { h.instance[3] = 'x'; },
      [](auto&, auto& w) { w.instance[3] = 'x'; },
      [](auto&, auto& w) { w.epoch = 8; },
      [](auto&, auto& w) { w.epoch_id[3] = 'x'; }};
  for (const auto& lie : lies) {
    const meeting m;
    auto coordinator = m.coordinator();
    auto worker = m.worker();
    auto hello = m.hello;
    auto welcome = m.welcome;
    lie(hello, welcome);
    BOOST_TEST(!coordinator.take(hello));
    BOOST_TEST(!worker.take(welcome));
    BOOST_TEST(!coordinator.take(worker.question()));
    BOOST_TEST(says(worker.take(coordinator.answer()), "proof is wrong"));
    BOOST_TEST(says(coordinator.take(worker.own_proof()), "proof is wrong"));
  }
}

BOOST_AUTO_TEST_CASE(a_worker_accepts_no_reflection_of_its_own_words) {
  const meeting m;
  auto worker = m.worker();
  BOOST_TEST(!worker.take(m.welcome));
  const auto nonce = worker.question().nonce;
  for (const auto& mac : {nonce, std::string(32, '\0'), std::string()})
    BOOST_TEST(says(worker.take(actors::challenge_answer{nonce, mac}),
                    "does not hold"));
  // The worker's own proof over these nonces, if somebody got it.
  const auto own = worker.own_proof().mac;
  BOOST_TEST(
      says(worker.take(actors::challenge_answer{nonce, own}), "does not hold"));
}

// It asks the real coordinator over a connection of its own, and hands the
// answer on as its own.
BOOST_AUTO_TEST_CASE(an_answer_over_another_connection_is_none_over_this) {
  meeting m;
  auto worker = m.worker();
  m.at_coordinator.binding = std::string(32, 'z');
  auto coordinator = m.coordinator();
  BOOST_TEST(!coordinator.take(m.hello));
  BOOST_TEST(!worker.take(m.welcome));
  BOOST_TEST(!coordinator.take(worker.question()));
  BOOST_TEST(says(worker.take(coordinator.answer()), "does not hold"));
  BOOST_TEST(says(coordinator.take(worker.own_proof()), "does not hold"));
}

BOOST_AUTO_TEST_CASE(nonces_of_a_wrong_length_are_refused_by_both) {
  for (const std::size_t size : {0u, 31u, 33u, 64u}) {
    const meeting m;
    auto coordinator = m.coordinator();
    auto worker = m.worker();
    BOOST_TEST(!coordinator.take(m.hello));
    BOOST_TEST(!worker.take(m.welcome));
    const std::string nonce(size, 'n');
    BOOST_TEST(says(coordinator.take(actors::challenge{nonce}), "length"));
    BOOST_TEST(
        says(worker.take(actors::challenge_answer{nonce, {}}), "length"));
  }
}

BOOST_AUTO_TEST_CASE(after_one_wrong_step_each_is_wrong) {
  const meeting m;
  auto coordinator = m.coordinator();
  const auto worker = m.worker();
  BOOST_TEST(says(coordinator.take(worker.question()), "out of order"));
  BOOST_TEST(says(coordinator.take(m.hello), "out of order"));
  BOOST_TEST(says(coordinator.take(worker.question()), "out of order"));
  BOOST_TEST(says(coordinator.missing(), "refused"));
}

BOOST_AUTO_TEST_CASE(an_older_protocol_is_refused_in_words_by_both) {
  meeting m;
  m.hello.protocol = 1;
  m.hello.software = "chancery 0.1.0";
  BOOST_TEST(says(m.coordinator().take(m.hello),
                  "this worker (chancery 0.1.0) speaks version 1 of the "
                  "protocol, and this coordinator (coordinator) speaks "
                  "version 4"));
  m.welcome.protocol = 1;
  BOOST_TEST(says(m.worker().take(m.welcome),
                  "the coordinator (coordinator) speaks version 1 of the "
                  "protocol, and this worker speaks version 4"));
}

BOOST_AUTO_TEST_SUITE_END()
