// SPDX-License-Identifier: Apache-2.0
#pragma once

// Simulates N client actors, each sending messages at a steady rate, against
// one node in this process. Blocks the calling thread, which holds the node
// lock and the only writing store object.

#include "actors/ledger/client_load.hpp"
#include "actors/systems/ledger_options.hpp"
#include "crypto/ledger/node_identity.hpp"
#include "storage/ledger_store.hpp"

#include <atomic>

namespace chancery::actors {

struct ledger_simulation_options : client_load {
  ledger_node_options node{};
};

struct ledger_simulation_result : client_load_result {
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
