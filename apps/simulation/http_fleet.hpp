// SPDX-License-Identifier: Apache-2.0
#pragma once

// Clients of a ledger that speak HTTP: each has an identity, a connection and a
// thread, registers, and posts a signed and encrypted message at a steady rate.
// It posts again what the node is too busy for, and what got no answer.

#include "actors/ledger/client_load.hpp"
#include "apps/http/http_client.hpp"
#include "crypto/keys/key.hpp"

#include <atomic>

namespace chancery::apps {

/// As many connections, and as many threads here.
inline constexpr std::size_t http_clients_max = 1'000;

/// Blocks until all messages are answered or given up, or `stop` is set.
/// `node`: whose keys the server has to answer, or else it throws
/// std::runtime_error. Throws actors::no_thread, too.
actors::client_load_result send_over_http(const http_client_options& server,
                                          const crypto::key_id& node,
                                          const actors::client_load& load,
                                          const std::atomic<bool>& stop,
                                          actors::ledger_progress& progress);

} // namespace chancery::apps
