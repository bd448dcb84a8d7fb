// SPDX-License-Identifier: Apache-2.0
#pragma once

// A keyring actor of three keys under the deterministic scheduler, two actors
// that borrow from it, and a dispatcher that only records dropped leases.

#include "actors/signing/keyring.hpp"
#include "actors/signing/lease_replay.hpp"
#include "tests/actors/actor_fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace chancery::tests {

using dropped_fences = std::shared_ptr<std::vector<std::uint64_t>>;

// A dispatcher that records which leases it must drop, and has no work for any.
inline actors::dispatcher_actor::behavior_type
dispatcher_spy(dropped_fences dropped) {
  return {
      [](actors::ready_atom, std::uint32_t, std::uint32_t) {
        return std::uint32_t{0};
      },
      [](actors::look_atom) {},
      [](actors::next_atom, const std::string& leases) {
        return actors::unit{leases, {}, {}};
      },
      [](actors::hand_in_atom, const actors::unit_result&) {},
      [](actors::hand_in_atom, const actors::remote_result&) {
        return actors::unit_verdict{};
      },
      [dropped](actors::drop_atom, const std::string& fences) {
        for (const auto fence : actors::decode_fences(fences))
          dropped->push_back(fence);
      },
      [](actors::release_atom, const std::string&) {},
      [](actors::drain_atom) {},
      [](actors::over_atom) { return false; },
      [](actors::finish_atom) { return std::uint64_t{0}; },
  };
}

inline actors::borrow_request local(std::uint32_t count) {
  return {count, std::string(16, 'i'), 5, false, 0, ""};
}

inline actors::borrow_request remote(std::uint32_t count,
                                     std::uint32_t ttl_ms) {
  return {count, std::string(16, 'i'), 5, true, ttl_ms, "worker"};
}

inline const std::vector<std::byte> lease_secret(32, std::byte{3});

struct keyring_fixture : actor_fixture {
  explicit keyring_fixture(std::chrono::milliseconds quarantine = 0ms)
      : actor_fixture(0) {
    const auto spy = keep(system.spawn(dispatcher_spy, dropped));
    actors::keyring_config config;
    config.epoch.epoch = 1;
    config.epoch.batch_size = 10;
    config.epoch.remote_possible = true;
    config.epoch.ttl_ms_max = 20'000;
    config.epoch.key_order = names_of(3);
    config.authority = std::make_shared<crypto::lease_authority>(
        lease_secret, crypto::random_id{}, crypto::random_id{});
    config.quarantine = quarantine;
    config.wall_clock_ms = [] { return std::uint64_t{42}; };
    config.progress = &progress;
    keyring = keep(system.spawn(actors::keyring, config, writer, spy));
    auto transaction = disk.store.write();
    const auto bytes = storage::encode(storage::event(config.epoch));
    transaction.append_event(bytes_of(bytes));
    transaction.commit();
  }

  std::shared_ptr<answer<actors::grant>>
  borrow(asker& who, actors::borrow_request request) {
    return who.ask<actors::grant>(keyring, actors::borrow_atom_v,
                                  std::move(request));
  }

  // Through the dispatcher.
  std::shared_ptr<answer<actors::unit>> fetch(asker& who,
                                              actors::borrow_request request) {
    return who.ask<actors::unit>(keyring, actors::fetch_atom_v,
                                 std::move(request));
  }

  std::shared_ptr<answer<actors::grant>> renew(const std::string& leases) {
    auto a = second.ask<actors::grant>(keyring, actors::renew_atom_v,
                                       actors::renew_request{9, leases});
    run();
    return a;
  }

  void give_back(const std::string& leases) {
    caf::anon_send(keyring, actors::give_back_atom_v, leases);
    run();
  }

  // The keys of a grant, as numbers of names_of.
  template <class Answer>
  static std::vector<unsigned> keys(const answer<Answer>& a) {
    std::vector<unsigned> numbers;
    BOOST_REQUIRE(a.value);
    for (const auto& lease : crypto::decode_leases(a.value->leases).leases)
      numbers.push_back(lease.key[1]);
    return numbers;
  }

  // One lease of a grant, to be given back alone.
  static std::string one_of(const answer<actors::grant>& a, std::size_t index) {
    auto set = crypto::decode_leases(a.value->leases);
    set.leases = {set.leases.at(index)};
    return crypto::encode(set);
  }

  // Checks that no event contradicts the ones before it.
  void check_journal() {
    advance(20ms);
    actors::lease_replay replay;
    for (const auto& e : journal()) {
      const auto broken = replay.apply(e);
      BOOST_TEST(!broken, broken->what);
    }
  }

  dropped_fences dropped = std::make_shared<std::vector<std::uint64_t>>();
  actors::keyring_actor keyring;
  asker& first = new_asker();
  asker& second = new_asker();
};

inline const auto per_element = boost::test_tools::per_element();

} // namespace chancery::tests
