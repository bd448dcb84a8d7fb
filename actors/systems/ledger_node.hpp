// SPDX-License-Identifier: Apache-2.0
#pragma once

// The ledger's node in this process: it spawns the actors (actors/README.md
// draws them), and any thread may submit messages without using actors. The
// caller holds the data folder's node lock and the only writing store object.
//
// It may also listen for clients on other hosts of a cluster. Each connection
// has its own gateway (ledger_gateway.hpp); the node is never reachable
// directly. The destructor first stops listening, then answers waiting
// requests. If it hangs for 10 s, because a peer or a disk has stopped, the
// process exits (exit_watchdog.hpp).

#include "actors/systems/ledger_answer.hpp"
#include "actors/systems/ledger_options.hpp"
#include "crypto/ledger/node_identity.hpp"
#include "storage/ledger_store.hpp"

#include <cstdint>
#include <functional>
#include <future>
#include <memory>
#include <string>

namespace chancery::actors {

class ledger_node {
 public:
  /// Throws std::runtime_error when the store belongs to another node or it
  /// cannot listen, std::invalid_argument for options out of range.
  ledger_node(storage::ledger_store& store,
              const crypto::node_identity& identity,
              const ledger_node_options& options);
  ledger_node(const ledger_node&) = delete;
  ledger_node& operator=(const ledger_node&) = delete;
  /// Stops it. Acknowledged messages are on disk; waiting ones get `internal`.
  ~ledger_node();

  /// A JWE (five parts) or a registration JWS (three). Any thread. The order of
  /// calls is the order of arrival. Answers once the commit is on disk.
  std::future<ledger_answer> submit(std::string text);
  /// The same, without a thread that waits: `answer` is called once, on a
  /// thread of the node, and must neither throw nor wait.
  void submit(std::string text, std::function<void(ledger_answer)> answer);

  ledger_counters counters() const;

  /// The port it listens on; 0 when it does not listen.
  std::uint16_t port() const noexcept;

  /// Hosts that are connected now.
  std::uint64_t connected() const noexcept;

  /// The keys JWS that clients start from.
  const std::string& keys() const noexcept;

  /// Why the node stopped working, for example a failed commit; else empty.
  std::string failure() const;

  struct state;

 private:
  std::unique_ptr<state> state_;
};

} // namespace chancery::actors
