// SPDX-License-Identifier: Apache-2.0
#pragma once

// A whole life of a cluster under a seed: one host for the coordinator and
// several for workers, each an actor system of its own with the real actors on
// it, and wires between them that are slow, are cut, and of whose cut each side
// learns at its own time. Workers stand still for longer than their leases
// last, die and come back; coordinators crash and start again with another
// lease length. First safety under all that, then everything heals and all
// must be signed. The same seed gives the same history.
//
// Here every clock is honest, so that a key may never be used under an older
// lease once it was used under a newer one, stored or not.

#include "actors/base/defences.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace chancery::tests {

struct cluster_options {
  std::uint64_t seed = 0;
  // The defences, each of which a test switches off.
  bool count_from_asking = true; ///< a lease's time, and not from its arrival
  bool quarantine = true;        ///< after a coordinator's restart
  actors::defences defended{};
};

struct cluster_result {
  std::optional<std::string> violation; ///< what a checker found
  std::string history;                  ///< journal and batch rows
  std::uint64_t records = 0;
  std::uint64_t epochs = 0;
  std::uint64_t connections = 0;
  std::uint64_t cuts = 0;
  std::uint64_t pauses = 0; ///< of workers, which then go on
  std::uint64_t deaths = 0; ///< of workers
  std::uint64_t renewals = 0;
  std::uint64_t late_units = 0;   ///< thrown away by workers
  std::uint64_t late_results = 0; ///< refused by the coordinator
  std::uint64_t leases_lost = 0;
};

cluster_result live(const cluster_options& options);

} // namespace chancery::tests
