// SPDX-License-Identifier: Apache-2.0
#pragma once

// A coordinator under the deterministic scheduler, and workers that a test
// plays: each has its own gateway and asks through it. Lease tokens and
// greetings are real, signatures are not, as nothing here checks those.

#include "actors/cluster/coordinator_check.hpp"
#include "actors/cluster/gateway.hpp"
#include "actors/signing/record_reader.hpp"
#include "tests/actors/actor_fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace chancery::tests {

struct coordinator_limits {
  std::uint64_t records = 45; ///< five batches
  unsigned keys = 8;
  std::uint32_t units_max = 2;
  std::uint32_t leases_per_unit = 2;
  std::uint32_t ttl_ms = 10'000;
  actors::defences defended{}; ///< of the keyring
  std::optional<actors::waiting_terms> service{};
};

/// What a worker received, and sends back.
struct received_unit {
  std::string leases;
  std::string batches;
};

inline actors::work_request asking(std::uint32_t count) {
  actors::work_request request;
  request.nonce = 5;
  request.count = count;
  return request;
}

/// Hands in the unit with made-up signatures, and returns its leases unless
/// `with_leases` is false.
inline actors::work_request handing_in(const received_unit& u,
                                       std::uint32_t count,
                                       bool with_leases = true) {
  auto request = asking(count);
  request.batches = u.batches;
  for (const auto& batch : actors::decode_unit_batches(u.batches))
    request.signatures.append(std::size_t{batch.count} * 64, 's');
  if (with_leases)
    request.returned = u.leases;
  return request;
}

class gateway_fixture : public actor_fixture {
 public:
  using work_answer = std::shared_ptr<answer<actors::work_answer>>;

  /// One connection: its gateway, the actor that asks through it, and the
  /// channel as the worker sees it.
  struct worker {
    actors::gateway_actor gateway;
    asker* who;
    actors::secure_channel channel;
  };

  explicit gateway_fixture(const coordinator_limits& l = {})
      : actor_fixture(l.records), limits(l),
        dispatcher(spawn_dispatcher(10, 1, l.service)),
        reader(keep(system.spawn(actors::record_reader, &disk.store,
                                 crypto::curve::p256,
                                 std::shared_ptr<actors::seal_formats>()))) {
    actors::keyring_config config;
    config.epoch.epoch = 1;
    config.epoch.batch_size = 10;
    config.epoch.remote_possible = true;
    config.epoch.ttl_ms_max = l.ttl_ms;
    config.epoch.key_order = names_of(l.keys);
    config.authority = std::make_shared<crypto::lease_authority>(
        secret, crypto::random_id{}, crypto::random_id{});
    config.wall_clock_ms = [] { return std::uint64_t{42}; };
    config.progress = &progress;
    config.defended = l.defended;
    keyring = keep(system.spawn(actors::keyring, config, writer, dispatcher));
  }

  /// A connection of a host that has not said hello.
  worker stranger(const std::string& name = "w1") {
    const std::string binding(32, static_cast<char>('A' + ++connections_ % 26));
    const crypto::host_identity host{name, crypto::host_role::worker, "0a"};
    const crypto::host_identity office{"office", crypto::host_role::coordinator,
                                       "0b"};
    actors::gateway_config config;
    config.channel = {host, office.serial, binding};
    config.prover.emplace(secret);
    config.defended = defended;
    config.worker = name;
    config.reader = reader;
    config.greeting.software = "coordinator";
    config.greeting.folder = std::string(16, 'f');
    config.greeting.ttl_ms = limits.ttl_ms;
    config.greeting.leases_per_unit = limits.leases_per_unit;
    config.greeting.units_max = limits.units_max;
    config.fingerprint = std::string(32, 'p');
    config.batch_size = 10;
    config.service = limits.service.has_value();
    config.table = &progress.workers;
    config.progress = &progress;
    const actors::gateway_actor gateway =
        keep(system.spawn(actors::gateway, config, keyring, dispatcher));
    caf::actor_cast<caf::strong_actor_ptr>(gateway)->get()->attach_functor(
        [this](const caf::error& reason) {
          if (reason == actors::fault::refused)
            notes.push_back(actors::sentence(reason));
        });
    return {gateway, &new_asker(), {office, host.serial, binding}};
  }

  static actors::hello right_hello() {
    return {actors::protocol_version, "worker", std::string(16, 'i'),
            std::string(32, 'p'), std::string(16, 'f')};
  }

  worker connected(const std::string& name = "w1") {
    const auto w = stranger(name);
    auto check = greeted(w);
    const auto answered = challenge(w, check.question());
    BOOST_REQUIRE(answered->value);
    BOOST_REQUIRE(!check.take(*answered->value));
    BOOST_REQUIRE(prove(w, check.own_proof())->value);
    return w;
  }

  /// After the hello and its answer; the worker's next step is its challenge.
  actors::coordinator_check greeted(const worker& w) {
    actors::coordinator_check check(right_hello(), w.channel,
                                    crypto::greeting_prover(secret),
                                    crypto::system_random());
    const auto welcomed = greet(w, right_hello());
    BOOST_REQUIRE(welcomed->value);
    BOOST_REQUIRE(!check.take(*welcomed->value));
    return check;
  }

  std::shared_ptr<answer<actors::welcome>> greet(const worker& w,
                                                 actors::hello h) {
    auto a = w.who->ask<actors::welcome>(w.gateway, actors::hello_atom_v,
                                         std::move(h));
    run();
    return a;
  }

  std::shared_ptr<answer<actors::challenge_answer>>
  challenge(const worker& w, const actors::challenge& c) {
    auto a = w.who->ask<actors::challenge_answer>(w.gateway,
                                                  actors::prove_atom_v, c);
    run();
    return a;
  }

  std::shared_ptr<answer<actors::admitted>> prove(const worker& w,
                                                  const actors::proof& p) {
    auto a = w.who->ask<actors::admitted>(w.gateway, actors::prove_atom_v, p);
    run();
    return a;
  }

  work_answer work(const worker& w, actors::work_request request) {
    auto a = w.who->ask<actors::work_answer>(w.gateway, actors::work_atom_v,
                                             std::move(request));
    run();
    return a;
  }

  std::shared_ptr<answer<actors::grant>> renew(const worker& w,
                                               const std::string& leases) {
    auto a = w.who->ask<actors::grant>(w.gateway, actors::renew_atom_v,
                                       actors::renew_request{9, leases});
    run();
    return a;
  }

  static void check(const work_answer& a, actors::work_state state) {
    BOOST_REQUIRE_MESSAGE(a->value, actors::sentence(a->fault));
    BOOST_TEST(a->value->state == static_cast<std::uint8_t>(state));
  }

  static received_unit unit_in(const work_answer& a) {
    check(a, actors::work_state::unit);
    return {a->value->leases, a->value->batches};
  }

  received_unit take(const worker& w, std::uint32_t leases) {
    return unit_in(work(w, asking(leases)));
  }

  actors::worker_row row() const {
    BOOST_REQUIRE_EQUAL(progress.workers.rows().size(), 1u);
    return progress.workers.rows()[0];
  }

  std::uint64_t stored() {
    advance(10ms);
    advance(10ms);
    return disk.store.read().signature_count();
  }

  void kill(const worker& w) {
    caf::anon_send_exit(w.gateway, caf::exit_reason::remote_link_unreachable);
    run();
  }

  /// Whether this connection's gateway, and so the connection, has ended.
  bool ended(const worker& w) {
    return work(w, asking(0))->fault == caf::sec::request_receiver_down;
  }

  coordinator_limits limits;
  std::vector<std::byte> secret = std::vector<std::byte>(32, std::byte{7});
  actors::defences defended;      ///< of gateways that are opened from now on
  std::vector<std::string> notes; ///< why gateways refused their worker
  actors::dispatcher_actor dispatcher;
  actors::record_reader_actor reader;
  actors::keyring_actor keyring;

 private:
  int connections_ = 0;
};

} // namespace chancery::tests
