// SPDX-License-Identifier: Apache-2.0
#pragma once

// Simulates a whole life of a data folder from a seed: the real actors on CAF's
// deterministic scheduler, with messages in random order, virtual time, signers
// that die, remote workers that misbehave, commits that fail, and processes
// that crash and restart. Safety is checked under all these faults; then
// everything heals and the work must end. The same seed gives the same history.

#include "actors/base/defences.hpp"
#include "storage/defences.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace chancery::tests {

struct world_options {
  std::uint64_t seed = 0;
  bool crashes = true;
  bool deaths = true;
  bool remote_workers = true;
  bool faulty_cores = false; ///< and somebody repairs between the epochs
  bool seals = false;        ///< certificates end, are renewed and revoked
  bool keeps_dates = true;   ///< an epoch ends before its certificates do
  std::uint32_t failing_commit = 0; ///< the n-th commit fails; 0: none
  // The defences, each of which a test switches off.
  actors::defences defended{};
  storage::defences stored{};
};

struct world_result {
  std::optional<std::string> violation; ///< what a checker found
  std::string history;                  ///< journal and batch rows
  std::uint64_t records = 0;
  std::uint64_t epochs = 0;
  std::uint64_t deaths = 0;
  std::uint64_t late_results = 0;
  std::uint64_t late_returns = 0;
  std::uint64_t leases_lost = 0;
  std::uint64_t withdrawn = 0; ///< signatures
  std::uint64_t detected = 0;  ///< runs that ended for a wrong signature
  std::uint64_t certificates = 0;
  std::uint64_t revoked = 0;
  std::uint64_t ended = 0; ///< epochs, as a certificate did
  bool commit_failed = false;
};

world_result live(const world_options& options);

} // namespace chancery::tests
