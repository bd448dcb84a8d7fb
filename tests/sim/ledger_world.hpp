// SPDX-License-Identifier: Apache-2.0
#pragma once

// Simulates a whole life of a ledger from a seed: the real node, validators,
// writer and clients on CAF's deterministic scheduler, with messages in random
// order, virtual time, answers that come too late, messages sent twice, old
// sequence numbers used again, garbage, a clock that jumps back, commits that
// fail, and nodes that crash and restart. Safety is checked under all these
// faults; then everything heals and every client must get all its receipts. The
// same seed gives the same chain.

#include "actors/base/defences.hpp"
#include "storage/defences.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace chancery::tests {

struct ledger_world_options {
  std::uint64_t seed = 0;
  bool crashes = true;
  std::uint32_t failing_commit = 0; ///< the n-th commit fails; 0: none
  actors::defences judged{};
  storage::defences stored{};
};

struct ledger_world_result {
  std::optional<std::string> violation; ///< what a checker found
  std::string history; ///< the stored messages' payloads, in order
  std::uint64_t messages = 0;
  std::uint64_t blocks = 0;
  std::uint64_t lives = 0;    ///< of the node
  std::uint64_t repeated = 0; ///< messages answered with their first receipt
  std::uint64_t refused = 0;
  std::uint64_t again = 0; ///< messages resent by clients
  bool commit_failed = false;
};

ledger_world_result live(const ledger_world_options& options);

} // namespace chancery::tests
