// SPDX-License-Identifier: Apache-2.0
#pragma once

// The actors of a run under CAF's deterministic scheduler: nothing happens
// until run() is called, time stands still until advance() moves it, and
// everything runs on the test's thread. So no test waits, and each sees the
// same order of messages every time.

#include "actors/signing/dispatcher.hpp"
#include "actors/signing/keyring.hpp"
#include "actors/signing/record_writer.hpp"
#include "actors/signing/signer.hpp"
#include "actors/signing/unit.hpp"
#include "actors/systems/system_config.hpp"
#include "tests/actors/fixture.hpp"
#include "tests/actors/scripted_verifier.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/scheduler/test_coordinator.hpp>
#include <caf/send.hpp>

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace chancery::tests {

using namespace std::chrono_literals;

/// The answer to a request: a value, a fault, or neither yet.
template <class T>
struct answer {
  std::optional<T> value;
  caf::error fault;

  bool pending() const { return !value && !fault; }
};

/// An actor that sends the test's requests, and that the test can kill.
class asker {
 public:
  explicit asker(caf::actor_system& system)
      : orders_(std::make_shared<orders>()),
        actor_(system.spawn([o = orders_](caf::event_based_actor* self) {
          return caf::behavior{[o, self](actors::start_atom) {
            const auto order = std::move(o->front());
            o->pop_front();
            order(self);
          }};
        })) {}

  template <class T, class Handle, class... Ts>
  std::shared_ptr<answer<T>> ask(const Handle& whom, Ts... xs) {
    auto a = std::make_shared<answer<T>>();
    orders_->push_back([=](caf::event_based_actor* self) {
      self->request(whom, caf::infinite, xs...)
          .then([a](const T& value) { a->value = value; },
                [a](caf::error& e) { a->fault = std::move(e); });
    });
    caf::anon_send(actor_, actors::start_atom_v);
    return a;
  }

  void die() { caf::anon_send_exit(actor_, caf::exit_reason::kill); }

 private:
  using orders = std::deque<std::function<void(caf::event_based_actor*)>>;
  std::shared_ptr<orders> orders_;
  caf::actor actor_;
};

class actor_fixture {
 public:
  explicit actor_fixture(std::uint64_t records,
                         const storage::store_options& options = unsynced(),
                         const store_fixture::preparation& prepare = {})
      : disk(records, options, crypto::curve::p256, prepare),
        scheduler_(dynamic_cast<caf::scheduler::test_coordinator&>(
            system.scheduler())) {
    actors::record_writer_config writing{&disk.store, &progress};
    writing.wall_clock_ms = [this] { return wall_clock; };
    writing.signed_now = [this](const auto& rows) {
      signed_now.insert(signed_now.end(), rows.begin(), rows.end());
    };
    writing.failed = [this](const caf::error& why) {
      failures.push_back(actors::sentence(why));
    };
    writer = keep(system.spawn(actors::record_writer, writing));
  }

  ~actor_fixture() {
    askers_.clear();
    for (const auto& stop : stops_)
      stop();
    run();
  }

  /// Runs until no message is left.
  void run() { scheduler_.run(); }

  void advance(std::chrono::milliseconds time) {
    scheduler_.advance_time(time);
    run();
  }

  /// Runs at most this many messages; false when fewer were left.
  bool step(std::size_t messages) {
    return scheduler_.run(messages) == messages;
  }

  /// Kills the actor at the fixture's end.
  template <class Handle>
  Handle keep(const Handle& h) {
    stops_.push_back([h] { caf::anon_send_exit(h, caf::exit_reason::kill); });
    return h;
  }

  asker& new_asker() {
    askers_.push_back(std::make_unique<asker>(system));
    auto& a = *askers_.back();
    stops_.push_back([copy = a]() mutable { copy.die(); });
    return a;
  }

  actors::dispatcher_actor
  spawn_dispatcher(std::uint32_t batch_size, std::uint32_t verify_share = 1,
                   std::optional<actors::waiting_terms> service = {}) {
    verifier = keep(system.spawn(scripted_verifier, verifying));
    actors::dispatcher_config config;
    config.verifiers = {caf::actor_cast<actors::unit_verifier_actor>(verifier)};
    config.verify_share = verify_share;
    config.store = &disk.store;
    config.batch_size = batch_size;
    config.wall_clock_ms = [this] { return wall_clock; };
    config.progress = &progress;
    config.service = service;
    config.has_room = [this] { return disk_has_room; };
    return keep(system.spawn(actors::dispatcher, config, writer));
  }

  /// Lets the verifier give one verdict that it kept back.
  void give_verdict() {
    BOOST_REQUIRE(!verifying->waiting.empty());
    caf::anon_send(verifier, actors::start_atom_v);
    run();
  }

  /// All events on disk.
  std::vector<storage::event> journal() const {
    std::vector<storage::event> events;
    const auto view = disk.store.read();
    auto walk = view.walk(storage::table::journal);
    for (bool more = walk.seek(0); more; more = walk.next())
      events.push_back(storage::decode_event(walk.value()));
    return events;
  }

  std::uint64_t wall_clock = 42;              ///< of dispatcher and writer
  std::vector<storage::batch_row> signed_now; ///< that the writer told
  bool disk_has_room = true;
  actors::signing_progress progress;
  std::shared_ptr<verifier_script> verifying =
      std::make_shared<verifier_script>();
  caf::actor verifier;               ///< of the dispatcher
  std::vector<std::string> failures; ///< that the writer reported
  store_fixture disk;

 private:
  struct system_config : caf::actor_system_config {
    system_config() {
      actors::add_messages(*this);
      set("scheduler.policy", caf::atom("testing"));
    }
  };
  system_config config_;

 public:
  caf::actor_system system{config_};
  actors::record_writer_actor writer;

 private:
  caf::scheduler::test_coordinator& scheduler_;
  std::vector<std::unique_ptr<asker>> askers_;
  std::vector<std::function<void()>> stops_;
};

template <class T>
void check_fault(const answer<T>& a, actors::fault f) {
  BOOST_TEST((a.fault == f), actors::sentence(a.fault));
}

} // namespace chancery::tests
