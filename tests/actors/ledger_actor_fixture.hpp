// SPDX-License-Identifier: Apache-2.0
#pragma once

// A node with its validators and its writer under CAF's deterministic
// scheduler, on a ledger in a temporary folder: nothing happens until run() is
// called, and time stands still until advance() moves it.

#include "actors/ledger/client_session.hpp"
#include "actors/ledger/ledger_writer.hpp"
#include "actors/ledger/node.hpp"
#include "actors/ledger/validator.hpp"
#include "actors/systems/ledger_system.hpp"
#include "actors/systems/system_config.hpp"
#include "crypto/jose/jwe.hpp"
#include "crypto/jose/jws.hpp"
#include "crypto/ledger/block.hpp"
#include "tests/actors/actor_fixture.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace chancery::tests {

/// The same in the whole process, because generating keys takes time.
inline const crypto::node_identity& node_identity_for_tests() {
  static const auto identity =
      crypto::make_node_identity(crypto::system_random());
  return identity;
}

inline crypto::private_key new_client_key() {
  return crypto::private_key::generate(crypto::curve::p256,
                                       crypto::system_random());
}

struct ledger_fixture_options {
  std::uint32_t block_size = 3;
  std::size_t validators = 2;
  std::optional<std::set<crypto::key_id>> allowed{};
  actors::client_limits limits{};
  std::uint64_t disk_reserve = 0;
  std::function<void()> before_commit{};
};

class ledger_actor_fixture {
 public:
  explicit ledger_actor_fixture(const ledger_fixture_options& o = {})
      : options(o), scheduler_(dynamic_cast<caf::scheduler::test_coordinator&>(
                        system.scheduler())) {
    storage::ledger_info info;
    info.node = identity.id();
    info.block_size = options.block_size;
    storage::ledger_store::create(folder.path() / "ledger", info, storing());
    start();
  }

  ~ledger_actor_fixture() {
    kill();
    for (auto& a : askers_)
      a->die();
    askers_.clear();
    run();
  }

  void start() {
    store.emplace(folder.path() / "ledger", storing());
    actors::ledger_writer_config writing;
    writing.store = &*store;
    writing.identity = identity.signing;
    writing.provider = provider;
    writing.wall_clock_ms = [this] { return wall_ms; };
    writing.blocks = &tally.blocks;
    writer = system.spawn(actors::ledger_writer, writing);
    for (std::size_t i = 0; i < options.validators; ++i)
      validators.push_back(
          system.spawn(actors::validator,
                       actors::validator_config{&*store, identity, provider}));
    actors::node_config judging;
    judging.store = &*store;
    judging.tally = &tally;
    judging.keys = crypto::sign_node_keys(identity, options.block_size,
                                          crypto::single_signatures);
    judging.allowed = options.allowed;
    judging.limits = options.limits;
    judging.disk_reserve = options.disk_reserve;
    judging.clock_ms = [this] { return wall_ms; };
    node = system.spawn(actors::node, judging, writer, validators);
  }

  /// Ends all actors as if the process was killed.
  void kill() {
    caf::anon_send_exit(node, caf::exit_reason::kill);
    for (const auto& v : validators)
      caf::anon_send_exit(v, caf::exit_reason::kill);
    caf::anon_send_exit(writer, caf::exit_reason::kill);
    node = nullptr;
    writer = nullptr;
    validators.clear();
    run();
  }

  void restart() {
    kill();
    store.reset();
    start();
  }

  void run() { scheduler_.run(); }
  bool step(std::size_t messages) {
    return scheduler_.run(messages) == messages;
  }
  void advance(std::chrono::milliseconds time) {
    scheduler_.advance_time(time);
    run();
  }

  /// Runs until pending commits, which wait up to 20 ms, are done.
  void settle() {
    run();
    advance(std::chrono::milliseconds(20));
  }

  asker& new_asker() {
    askers_.push_back(std::make_unique<asker>(system));
    return *askers_.back();
  }

  using submission = std::shared_ptr<answer<actors::acknowledgement>>;

  /// Submits the text; the answer comes when the scheduler has run.
  submission hand_in(const std::string& text) {
    if (askers_.empty())
      new_asker();
    return askers_.front()->ask<actors::acknowledgement>(
        node, actors::submit_atom_v, text);
  }

  /// Submits the text and runs until it is answered.
  submission submit(const std::string& text) {
    auto a = hand_in(text);
    settle();
    return a;
  }

  actors::client_session new_session() {
    return {new_client_key(),
            actors::read_node_keys(
                crypto::sign_node_keys(identity, options.block_size,
                                       crypto::single_signatures),
                identity.id(), crypto::single_signatures),
            crypto::single_signatures};
  }

  actors::client_session registered() {
    auto session = new_session();
    const auto a = submit(session.registration(wall_ms));
    BOOST_REQUIRE_MESSAGE(a->value, actors::sentence(a->fault));
    return session;
  }

  std::uint64_t refused(crypto::refusal code) const {
    return tally.refused.at(static_cast<std::size_t>(code));
  }

  ledger_fixture_options options;
  /// As `chancery node` chooses.
  crypto::provider provider =
      crypto::provider_from_name("auto", crypto::curve::p256);
  temp_folder folder;
  const crypto::node_identity& identity = node_identity_for_tests();
  std::uint64_t wall_ms = 1'767'225'600'000; // 2026-01-01
  actors::ledger_tally tally;
  std::optional<storage::ledger_store> store;

 private:
  storage::ledger_options storing() const {
    storage::ledger_options o;
    o.sync = false;
    o.before_commit = options.before_commit;
    return o;
  }

  struct system_config : caf::actor_system_config {
    system_config() {
      actors::add_messages(*this);
      set("scheduler.policy", caf::atom("testing"));
    }
  };
  system_config config_;

 public:
  caf::actor_system system{config_};
  actors::ledger_writer_actor writer;
  std::vector<actors::validator_actor> validators;
  actors::node_actor node;

 private:
  caf::scheduler::test_coordinator& scheduler_;
  std::vector<std::unique_ptr<asker>> askers_;
};

template <class T>
void check_refusal(const answer<T>& a, crypto::refusal code) {
  const auto got = actors::refusal_of(a.fault);
  BOOST_TEST((got == code),
             crypto::to_text(code)
                 << " expected, got "
                 << (a.value ? "an answer" : actors::sentence(a.fault)));
}

} // namespace chancery::tests
