// SPDX-License-Identifier: Apache-2.0
#pragma once

// A dispatcher of 25 records and batches of 10, and what its signers send.

#include "actors/signing/dispatcher.hpp"
#include "tests/actors/actor_fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace chancery::tests {

// Leases for the dispatcher, which does not check tokens.
inline std::string leases_of(const std::vector<std::uint32_t>& counters) {
  crypto::lease_set set;
  for (const auto counter : counters)
    set.leases.push_back({name_of(counter), fence_of(1, counter)});
  return crypto::encode(set);
}

struct dispatcher_fixture : actor_fixture {
  explicit dispatcher_fixture(
      std::uint64_t records = 25,
      const storage::store_options& options = unsynced(),
      const store_fixture::preparation& prepare = {})
      : actor_fixture(records, options, prepare),
        dispatcher(spawn_dispatcher(10)) {}

  std::shared_ptr<answer<actors::unit>>
  next(const std::vector<std::uint32_t>& c) {
    auto a =
        signer.ask<actors::unit>(dispatcher, actors::next_atom_v, leases_of(c));
    run();
    return a;
  }

  static std::vector<actors::unit_batch>
  batches(const answer<actors::unit>& a) {
    BOOST_REQUIRE_MESSAGE(a.value, actors::sentence(a.fault));
    return actors::decode_unit_batches(a.value->batches);
  }

  void hand_in(const std::vector<actors::unit_batch>& list) {
    actors::unit_result result;
    for (const auto& batch : list) {
      actors::encode(batch, result.batches);
      result.signatures.append(std::size_t{batch.count} * 64, 's');
    }
    caf::anon_send(dispatcher, actors::hand_in_atom_v, result);
    run();
  }

  void drop(const std::vector<std::uint64_t>& fences) {
    caf::anon_send(dispatcher, actors::drop_atom_v,
                   actors::encode_fences(fences));
    run();
  }

  void release(const std::vector<std::uint64_t>& fences) {
    caf::anon_send(dispatcher, actors::release_atom_v,
                   actors::encode_fences(fences));
    run();
  }

  std::shared_ptr<answer<bool>> over() {
    auto a = signer.ask<bool>(dispatcher, actors::over_atom_v);
    run();
    return a;
  }

  std::shared_ptr<answer<std::uint64_t>> finish() {
    auto a = signer.ask<std::uint64_t>(dispatcher, actors::finish_atom_v);
    run();
    return a;
  }

  actors::dispatcher_actor dispatcher;
  asker& signer = new_asker();
};

inline actors::unit_batch batch(std::uint32_t counter, std::uint64_t first,
                                std::uint32_t count) {
  return {fence_of(1, counter), first, count};
}

} // namespace chancery::tests
