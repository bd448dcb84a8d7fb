// SPDX-License-Identifier: Apache-2.0
#pragma once

// N client actors against one node in this process, each sending a message at
// a steady rate, and what came of it. Blocks the calling thread, which holds
// the node lock and the only writing store object.

#include "actors/ledger_node.hpp"
#include "crypto/node_identity.hpp"
#include "storage/ledger_store.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

namespace chancery::actors {

inline constexpr std::size_t ledger_clients_max = 10'000;

struct ledger_simulation_options {
  std::size_t clients = 10;
  double rate = 1;            ///< messages per client and second
  double duration = 60;       ///< seconds of the clients' time
  double speed = 1;           ///< how much faster that time runs
  std::size_t body_size = 64; ///< bytes of text in each message
  ledger_node_options node{};
};

struct ledger_progress {
  std::atomic<std::uint64_t> sent{0};
  std::atomic<std::uint64_t> accepted{0};
  std::atomic<std::uint64_t> refused{0};
  std::atomic<std::uint64_t> blocks{0};
};

/// A receipt that a client holds, after it was checked.
struct held_receipt {
  std::uint64_t index = 0;
  crypto::hash_bytes leaf{};
};

struct ledger_simulation_result {
  std::uint64_t sent = 0; ///< messages, each counted once
  std::uint64_t accepted = 0;
  std::uint64_t refused = 0;
  std::uint64_t again = 0; ///< sent again, as no answer came in time
  double latency_ms_p50 = 0;
  double latency_ms_p99 = 0;
  double seconds = 0; ///< from the first message to the last answer
  bool stopped = false;
  std::vector<held_receipt> receipts;
  ledger_counters node;
};

/// Sends clients * rate * duration messages; `stop` ends it early. Throws
/// std::invalid_argument for options out of range and std::runtime_error when
/// the node fails.
ledger_simulation_result
simulate_ledger(storage::ledger_store& store,
                const crypto::node_identity& identity,
                const ledger_simulation_options& options,
                const std::atomic<bool>& stop, ledger_progress& progress);

} // namespace chancery::actors
