// SPDX-License-Identifier: Apache-2.0
#pragma once

// Simulates a whole life of a cluster from a seed: one host for the coordinator
// and several for workers, each an actor system of its own with the real
// actors. The wires between them are slow and are cut; each side notices a cut
// at its own time. Workers pause for longer than their leases last, die and
// come back; some hand in wrong signatures; coordinators crash and restart with
// another lease length. Safety is checked under all these faults; then
// everything heals and all must be signed. The same seed gives the same
// history.
//
// All clocks are right here, so a key may never be used under an older lease
// after it was used under a newer one, whether the result is stored or not.

#include "actors/base/defences.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace chancery::tests {

struct cluster_options {
  std::uint64_t seed = 0;
  // The defences, each of which a test switches off.
  bool count_from_asking = true; ///< a lease's time, not from its arrival
  bool quarantine = true;        ///< after a coordinator's restart
  /// Of the first two workers, one keeps what it signs: it hands nothing in and
  /// renews its leases for ever.
  bool keeper = false;
  int steps_max = 400'000; ///< of a healed epoch: many times what it needs
  actors::defences defended{};
};

struct cluster_result {
  std::optional<std::string> violation; ///< what a checker found
  std::string history;                  ///< journal and batch rows
  std::uint64_t records = 0;
  std::uint64_t epochs = 0;
  std::uint64_t connections = 0;
  std::uint64_t cuts = 0;
  std::uint64_t pauses = 0; ///< of workers, which then continue
  std::uint64_t deaths = 0; ///< of workers
  std::uint64_t renewals = 0;
  std::uint64_t late_units = 0;   ///< discarded by workers
  std::uint64_t late_results = 0; ///< refused by the coordinator
  std::uint64_t leases_lost = 0;
  std::uint64_t lies = 0;    ///< units with wrong signatures that were sent
  std::uint64_t refused = 0; ///< workers, for the rest of an epoch
};

cluster_result live(const cluster_options& options);

} // namespace chancery::tests
