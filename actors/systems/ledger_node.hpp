// SPDX-License-Identifier: Apache-2.0
#pragma once

// The ledger's node in this process: spawns its actors (README.md draws them),
// and lets any thread hand in messages without knowing of actors. The caller
// holds the data folder's node lock and the only writing store object.
//
// It may also listen for clients on other hosts of a cluster. Each connection
// ends in a gateway of its own (ledger_gateway.hpp), and the node is never
// reachable itself. Its end first stops listening, then answers what waits; if
// the actors' end hangs for 10 s behind a peer that was stopped, the process
// ends without them (exit_watchdog.hpp).

#include "actors/systems/ledger_answer.hpp"
#include "actors/systems/ledger_options.hpp"
#include "crypto/ledger/node_identity.hpp"
#include "storage/ledger_store.hpp"

#include <cstdint>
#include <future>
#include <memory>
#include <string>

namespace chancery::actors {

class ledger_node {
 public:
  /// Throws std::runtime_error when the store belongs to another node, or it
  /// cannot listen.
  ledger_node(storage::ledger_store& store,
              const crypto::node_identity& identity,
              ledger_node_options options);
  ledger_node(const ledger_node&) = delete;
  ledger_node& operator=(const ledger_node&) = delete;
  /// Stops it: what is acknowledged is on disk; what waits gets `internal`.
  ~ledger_node();

  /// A JWE (five parts) or a registration JWS (three). Any thread. The order of
  /// calls is the order of arrival. Answers once the commit is on disk.
  std::future<ledger_answer> submit(std::string text);

  ledger_counters counters() const;

  /// What it listens on; 0 when it does not.
  std::uint16_t port() const noexcept;

  /// Hosts that are connected now.
  std::uint64_t connected() const noexcept;

  /// The keys JWS that clients start from.
  const std::string& keys() const noexcept;

  /// Why the node cannot go on (a commit failed, say); empty while all is well.
  std::string failure() const;

  struct state;

 private:
  std::unique_ptr<state> state_;
};

} // namespace chancery::actors
