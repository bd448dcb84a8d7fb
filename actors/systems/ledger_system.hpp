// SPDX-License-Identifier: Apache-2.0
#pragma once

// The actor system of a ledger in this process: it spawns and connects writer,
// validators, node and, if wanted, the listener for clients on other hosts, and
// stops them in an order in which every request is answered. Only ledger_node
// and ledger_simulation use it.

#include "actors/ledger/ledger_messages.hpp"
#include "actors/ledger/node.hpp"
#include "actors/systems/actor_host.hpp"
#include "actors/systems/exit_watchdog.hpp"
#include "actors/systems/ledger_options.hpp"
#include "actors/transport/listener.hpp"
#include "crypto/ledger/node_identity.hpp"
#include "storage/ledger_store.hpp"

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace chancery::actors {

class ledger_system {
 public:
  /// `threads` serve the scheduled actors (clients). Throws
  /// std::invalid_argument and std::runtime_error as ledger_node does, and
  /// storage_error when the chain's end cannot be read.
  ledger_system(storage::ledger_store& store,
                const crypto::node_identity& identity,
                const ledger_node_options& options, std::size_t threads);
  ledger_system(const ledger_system&) = delete;
  ledger_system& operator=(const ledger_system&) = delete;
  ~ledger_system();

  caf::actor_system& system() noexcept { return host_.system(); }
  const node_actor& node() const noexcept { return node_; }
  const ledger_tally& tally() const noexcept { return tally_; }
  ledger_counters counters() const;
  const std::string& keys() const noexcept { return keys_; }
  /// Why the node accepts nothing more; else empty. Set before any answer
  /// carries the error. Any thread.
  std::string failure() const;
  std::uint16_t port() const noexcept {
    return listener_ ? listener_->port() : std::uint16_t{0};
  }

 private:
  void spawn_actors(storage::ledger_store& store,
                    const crypto::node_identity& identity,
                    const ledger_node_options& options);
  void listen(const ledger_listening& options, const crypto::key_id& node);
  void stop_actors();

  exit_watchdog watchdog_;
  ledger_tally tally_;
  mutable std::mutex failure_mutex_;
  std::string failure_;
  std::string keys_;
  actor_host host_;
  ledger_writer_actor writer_;
  std::vector<validator_actor> validators_;
  node_actor node_;
  std::optional<listener> listener_;
};

} // namespace chancery::actors
