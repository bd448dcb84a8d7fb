// SPDX-License-Identifier: Apache-2.0
#pragma once

// Runs N client actors against one node, each with its own identity in memory,
// and adds up their reports. Blocks the calling thread, which must not belong
// to the actor system.

#include "actors/ledger/client_load.hpp"
#include "actors/ledger/ledger_messages.hpp"
#include "crypto/ledger/message.hpp"

#include <functional>

namespace chancery::actors {

/// `stop` ends it early: the clients start no more messages. Calls `watch`
/// every 20 ms. Throws std::invalid_argument as check does.
client_load_result
run_client_fleet(caf::actor_system& system, const node_actor& node,
                 const crypto::node_keys& keys, const client_load& load,
                 const std::atomic<bool>& stop, ledger_progress& progress,
                 const std::function<void()>& watch);

} // namespace chancery::actors
