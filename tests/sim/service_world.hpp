// SPDX-License-Identifier: Apache-2.0
#pragma once

// Simulates a service from a seed, as signing_world.hpp does it for a job: the
// real actors on CAF's deterministic scheduler. Records come at random times,
// epochs roll, keys are added and retired, signers die, remote workers
// misbehave, commits fail, processes crash and start again, with a wall clock
// that somebody has set. Checkers outside it know what was acknowledged. At the
// end everything heals: what comes then must be signed within the longest wait.

#include "actors/base/defences.hpp"
#include "storage/defences.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace chancery::tests {

struct service_options {
  std::uint64_t seed = 0;
  bool crashes = true;
  bool seals = false; ///< certificates end, are renewed and revoked
  std::uint32_t failing_commit = 0; ///< the n-th commit fails; 0: none
  // The defences, each of which a test switches off.
  actors::defences defended{};
  storage::defences stored{};
};

struct service_result {
  std::optional<std::string> violation; ///< what a checker found
  std::string history;                  ///< journal and batch rows
  std::uint64_t records = 0;            ///< acknowledged
  std::uint64_t lives = 0;              ///< of the process
  std::uint64_t epochs = 0;
  std::uint64_t deaths = 0;      ///< of signers
  std::uint64_t replayed = 0;    ///< answers given again
  std::uint64_t waited = 0;      ///< batches that went out short
  std::uint64_t full = 0;        ///< batches that went out full
  std::uint64_t leases_lost = 0; ///< by death or expiry
  std::uint64_t ended = 0;       ///< epochs, as a certificate did
  bool commit_failed = false;
};

service_result live(const service_options& options);

} // namespace chancery::tests
