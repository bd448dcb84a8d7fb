// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the actors of a run keep for display, readable from any thread at any
// time. No signing decision depends on it but on `refused`.

#include "actors/signing/refused_workers.hpp"
#include "actors/signing/worker_table.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>

namespace chancery::actors {

struct signing_progress {
  std::atomic<std::uint64_t> records{0};       ///< in the table
  std::atomic<std::uint64_t> signed_before{0}; ///< when the run began
  std::atomic<std::uint64_t> stored{0};  ///< records, on disk, in this run
  std::atomic<std::uint64_t> batches{0}; ///< on disk, in this run
  std::atomic<std::uint64_t> commits{0};
  std::atomic<std::uint64_t> keys{0};         ///< active
  std::atomic<std::uint64_t> keys_out{0};     ///< lent at this moment
  std::atomic<std::uint64_t> leases{0};       ///< lent in this run
  std::atomic<std::uint64_t> leases_lost{0};  ///< ended by death or expiry
  std::atomic<std::uint64_t> late_results{0}; ///< batches refused by fence
  std::atomic<std::uint64_t> late_returns{0}; ///< returns refused by fence
  std::atomic<std::uint64_t> conflicts{0};    ///< batches refused by the store
  std::atomic<std::uint64_t> verified{0};     ///< of other hosts' signatures
  std::atomic<std::uint64_t> units_wrong{0};  ///< of other hosts, dropped
  /// No key is lent before this time: leases of the last epoch may be in use.
  std::atomic<std::chrono::steady_clock::time_point> lending_from{};
  worker_table workers; ///< connected now
  refused_workers refused;
};

} // namespace chancery::actors
