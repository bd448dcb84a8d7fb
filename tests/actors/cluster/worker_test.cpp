// SPDX-License-Identifier: Apache-2.0
#include "actors/cluster/worker.hpp"

#include "actors/cluster/worker_greeting.hpp"
#include "tests/actors/worker_fixture.hpp"

BOOST_AUTO_TEST_SUITE(worker_test)

using namespace chancery;
using namespace chancery::tests;
using actors::fault;
using actors::work_state;

namespace {

/// What the connector answers, and how often it was asked.
struct dial_plan {
  std::function<caf::result<actors::dialled>()> answer;
  std::size_t dials = 0;
};

actors::connector_actor::behavior_type
planned_connector(actors::connector_actor::pointer,
                  const std::shared_ptr<dial_plan>& plan) {
  return {[plan](actors::dial_atom) {
    ++plan->dials;
    return plan->answer();
  }};
}

struct fixture : worker_fixture {
  explicit fixture(bool once = false, std::size_t signers = 1) {
    welcome.software = "coordinator";
    welcome.epoch = 7;
    welcome.epoch_id = std::string(16, 'e');
    welcome.folder = std::string(16, 'f');
    welcome.ttl_ms = 1'000;
    welcome.leases_per_unit = 2;
    welcome.units_max = 8;
    config.greeting.instance = std::string(16, 'i');
    config.greeting.fingerprint = std::string(32, 'p');
    config.greeting.folder = std::string(16, 'f');
    config.prover.emplace(keys.lease_secret());
    config.signers = signers;
    config.once = once;
    config.detached_signers = false;
    config.make_vault = [this](const actors::welcome&) {
      const auto made = make_vault();
      vaults.push_back(made);
      return made;
    };
    config.now = [this] { return now; };
    config.random = [] { return 0.0; };
    config.note = [this](const std::string& n) { notes.push_back(n); };
    config.progress = &counted;
    listen();
  }

  void listen() {
    plan->answer = [this]() -> caf::result<actors::dialled> {
      peers.push_back(new_connection());
      script().prove = [this](const actors::challenge& c) { return prove(c); };
      return actors::dialled{
          caf::actor_cast<caf::strong_actor_ptr>(peers.back().actor), {}};
    };
  }

  /// What a coordinator with this secret answers to the last connection.
  actors::challenge_answer prove(const actors::challenge& c) {
    actors::worker_greeting coordinator({welcome,
                                         config.greeting.fingerprint,
                                         {},
                                         crypto::greeting_prover(secret)});
    BOOST_TEST(!coordinator.take(script().hellos[0].said));
    BOOST_TEST(!coordinator.take(c));
    return coordinator.answer();
  }

  void vanish() {
    plan->answer = []() -> caf::result<actors::dialled> {
      return actors::make_fault(fault::unreachable, "nobody listens");
    };
  }

  void start() {
    config.connector = keep(system.spawn(planned_connector, plan));
    worker = keep(system.spawn(actors::worker, config));
    end = watch(worker);
  }

  gateway_script& script() { return *peers.back().script; }

  /// Answers the last connection's hello.
  template <class T>
  void greet(T x) {
    BOOST_REQUIRE(!script().hellos.empty());
    deliver(peers.back(), script().hellos[0].promise, std::move(x));
    run();
  }

  void greet() { greet(welcome); }

  void connect() {
    start();
    greet();
    BOOST_REQUIRE(counted.connected);
  }

  /// Answers all requests for work of the last connection that are still open.
  void answer_all(work_state state) {
    for (; answered < script().work.size(); ++answered)
      deliver(peers.back(), script().work[answered].promise, answer_of(state));
    run();
  }

  void finish() {
    answered = 0;
    answer_all(work_state::done);
  }

  void cut() {
    caf::anon_send_exit(peers.back().actor,
                        caf::exit_reason::remote_link_unreachable);
    run();
  }

  void drain() {
    caf::anon_send(worker, actors::drain_atom_v);
    run();
  }

  bool alive() const { return !end->has_value(); }

  void check_ended() const {
    BOOST_REQUIRE(!alive());
    BOOST_TEST(!**end, actors::sentence(**end));
  }

  void check_refused(const std::string& why) const {
    BOOST_REQUIRE(!alive());
    BOOST_TEST((**end == fault::refused));
    BOOST_TEST(contains(actors::sentence(**end), why), actors::sentence(**end));
  }

  actors::welcome welcome;
  std::span<const std::byte> secret = keys.lease_secret();
  actors::worker_config config;
  std::vector<std::string> notes;
  std::vector<std::weak_ptr<crypto::vault>> vaults;
  std::vector<connection> peers;
  std::size_t answered = 0;
  std::shared_ptr<dial_plan> plan = std::make_shared<dial_plan>();
  actors::worker_actor worker;
  std::shared_ptr<std::optional<caf::error>> end;
};

} // namespace

BOOST_AUTO_TEST_CASE(it_says_once_that_nobody_is_there_and_keeps_trying) {
  fixture f;
  f.vanish();
  f.start();
  BOOST_TEST(f.plan->dials == 1u);
  std::size_t dials = 1;
  for (const auto pause :
       {100ms, 200ms, 400ms, 800ms, 1'600ms, 3'200ms, 5'000ms, 5'000ms}) {
    f.advance(pause - 1ms);
    BOOST_TEST(f.plan->dials == dials);
    f.advance(1ms);
    BOOST_TEST(f.plan->dials == ++dials);
  }
  BOOST_REQUIRE_EQUAL(f.notes.size(), 1u);
  BOOST_TEST(contains(f.notes[0], "nobody listens"));
  f.listen();
  f.advance(5'000ms);
  f.greet();
  BOOST_TEST(f.notes.size() == 2u); // connected
  f.vanish();
  f.cut();
  BOOST_TEST(f.notes.size() == 3u);
  f.advance(100ms); // the pause is short again
  BOOST_TEST(f.plan->dials == dials + 2);
  BOOST_TEST(f.notes.size() == 3u);
}

BOOST_AUTO_TEST_CASE(it_says_who_it_is_and_lets_its_signers_ask) {
  fixture f(false, 3);
  f.config.greeting.software = "worker";
  f.start();
  BOOST_TEST(f.script().hellos[0].said.software == "worker");
  BOOST_TEST(f.script().work.empty());
  f.greet();
  BOOST_TEST(f.script().work.size() == 6u); // two units each, of 8 in all
  BOOST_TEST(contains(f.notes.back(), "epoch 7"));
}

BOOST_AUTO_TEST_CASE(its_signers_share_the_units_that_it_may_have) {
  for (const std::uint32_t units : {0u, 1u, 2u}) {
    fixture f(false, 3);
    f.welcome.units_max = units;
    f.connect();
    BOOST_TEST(f.script().work.size() == std::max(units, 1u));
  }
}

BOOST_AUTO_TEST_CASE(a_refusal_is_the_end) {
  fixture f;
  f.start();
  f.greet(actors::make_fault(fault::refused, "other keys"));
  f.check_refused("other keys");
  f.advance(10s);
  BOOST_TEST(f.plan->dials == 1u);
}

BOOST_AUTO_TEST_CASE(a_coordinator_that_does_not_fit_is_the_end) {
  fixture folder;
  folder.welcome.folder = std::string(16, 'x');
  folder.start();
  folder.greet();
  folder.check_refused("another data folder");
  fixture protocol;
  protocol.welcome.protocol = 9;
  protocol.start();
  protocol.greet();
  protocol.check_refused("version 9");
  fixture vault;
  vault.config.make_vault =
      [](const actors::welcome&) -> std::shared_ptr<crypto::vault> {
    throw std::invalid_argument("no such epoch");
  };
  vault.start();
  vault.greet();
  BOOST_REQUIRE(!vault.alive());
  BOOST_TEST(contains(actors::sentence(**vault.end), "no such epoch"));
}

BOOST_AUTO_TEST_CASE(a_greeting_that_fails_is_tried_again) {
  fixture f;
  f.start();
  f.cut(); // while greeting
  BOOST_TEST(f.alive());
  BOOST_REQUIRE_EQUAL(f.notes.size(), 1u);
  f.advance(100ms);
  BOOST_TEST(f.plan->dials == 2u);
  f.greet(actors::make_fault(fault::busy, "later"));
  BOOST_TEST(f.notes.size() == 1u);
  f.advance(200ms);
  BOOST_TEST(f.plan->dials == 3u);
  f.advance(9'999ms); // no answer to the hello
  BOOST_TEST(f.plan->dials == 3u);
  f.advance(1ms);
  f.advance(400ms);
  BOOST_TEST(f.plan->dials == 4u);
  f.greet();
  BOOST_TEST(f.counted.connected);
}

BOOST_AUTO_TEST_CASE(a_lost_connection_begins_again_with_the_same_vault) {
  fixture f(false, 2);
  f.connect();
  f.cut();
  BOOST_TEST(!f.counted.connected);
  BOOST_TEST(f.counted.sessions == 1u);
  BOOST_TEST(contains(f.notes.back(), "lost"));
  f.advance(100ms);
  f.greet();
  BOOST_TEST(f.counted.connected);
  BOOST_TEST(f.peers.size() == 2u);
  BOOST_TEST(f.script().work.size() == 4u);
  BOOST_TEST(f.vaults.size() == 1u);
}

// Each signer that is alive holds one more reference to the vault.
BOOST_AUTO_TEST_CASE(a_session_ends_after_all_of_its_signers) {
  fixture f(false, 4);
  f.connect();
  BOOST_TEST(f.vaults[0].use_count() == 5);
  caf::anon_send_exit(f.peers.back().actor, caf::exit_reason::kill);
  while (f.counted.sessions == 0)
    BOOST_REQUIRE(f.step(1));
  BOOST_TEST(f.vaults[0].use_count() == 1);
}

BOOST_AUTO_TEST_CASE(a_signer_that_fails_takes_its_session_along) {
  fixture f(false, 2);
  f.connect();
  f.deliver(f.peers.back(), f.script().work[0].promise,
            actors::make_fault(fault::commit_failed, "the disk is full"));
  f.run();
  BOOST_TEST(f.counted.sessions == 1u);
  BOOST_TEST(f.vaults[0].use_count() == 1);
  BOOST_TEST(contains(f.notes.back(), "the disk is full"));
  f.advance(100ms);
  BOOST_TEST(f.plan->dials == 2u);
}

BOOST_AUTO_TEST_CASE(it_stays_for_the_next_run_and_asks_after_a_pause) {
  fixture f;
  f.connect();
  f.finish();
  BOOST_TEST(f.alive());
  BOOST_TEST(!f.counted.connected);
  BOOST_TEST(contains(f.notes.back(), "nothing left to sign"), f.notes.back());
  const auto notes = f.notes.size();
  for (std::size_t dials = 1; dials < 4; ++dials) {
    f.advance(999ms);
    BOOST_TEST(f.plan->dials == dials);
    f.advance(1ms);
    BOOST_TEST(f.plan->dials == dials + 1);
    f.greet(); // the same run, which is about to end
    BOOST_TEST(f.script().work.empty());
    BOOST_TEST(f.script().byes == 1u);
  }
  f.vanish(); // which is not reported
  f.advance(10s);
  BOOST_TEST(f.notes.size() == notes);
  f.listen();
  f.welcome.epoch_id = std::string(16, 'n');
  f.advance(5s);
  f.greet();
  BOOST_TEST(f.script().work.size() == 2u);
  BOOST_TEST(f.vaults.size() == 2u);
  BOOST_TEST(f.vaults[0].expired());
}

BOOST_AUTO_TEST_CASE(once_it_ends_when_all_is_signed) {
  fixture f(true, 2);
  f.connect();
  f.finish();
  f.check_ended();
  BOOST_TEST(f.script().byes == 1u);
  BOOST_TEST(f.plan->dials == 1u);
}

BOOST_AUTO_TEST_CASE(once_it_does_not_end_with_a_connection) {
  fixture f(true);
  f.connect();
  f.cut();
  BOOST_TEST(f.alive());
  BOOST_TEST(f.script().byes == 0u);
  f.advance(100ms);
  f.greet();
  f.finish();
  f.check_ended();
}

BOOST_AUTO_TEST_CASE(drained_without_signers_it_ends_at_once) {
  fixture pausing;
  pausing.vanish();
  pausing.start();
  pausing.drain();
  pausing.check_ended();
  fixture dialling;
  dialling.plan->answer = []() -> caf::result<actors::dialled> {
    return caf::delegated<actors::dialled>{}; // and never an answer
  };
  dialling.start();
  BOOST_TEST(dialling.alive());
  dialling.drain();
  dialling.check_ended();
  fixture greeting;
  greeting.start();
  greeting.drain();
  greeting.check_ended();
}

BOOST_AUTO_TEST_CASE(drained_it_lets_its_signers_finish) {
  fixture f(false, 2);
  f.connect();
  f.drain();
  BOOST_TEST(f.alive());
  f.answered = 0;
  f.answer_all(work_state::wait);
  f.check_ended();
  BOOST_TEST(f.script().work.size() == 4u);
  BOOST_TEST(f.vaults[0].expired());
}

BOOST_AUTO_TEST_CASE(drained_it_does_not_come_back_from_a_lost_connection) {
  fixture f;
  f.connect();
  f.drain();
  f.cut();
  f.check_ended();
  BOOST_TEST(f.plan->dials == 1u);
}

BOOST_AUTO_TEST_CASE(its_own_end_is_its_signers_end) {
  fixture f(false, 2);
  f.connect();
  caf::anon_send_exit(f.worker, caf::exit_reason::kill);
  f.worker = nullptr;
  f.run();
  BOOST_TEST(f.vaults[0].expired());
}

BOOST_AUTO_TEST_SUITE_END()
