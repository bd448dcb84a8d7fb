// SPDX-License-Identifier: Apache-2.0
#pragma once

// The actor system of a ledger in this process: writer, validators and node,
// spawned and wired, and stopped in the order in which each can still answer.
// For ledger_node and ledger_simulation; everybody else uses those.

#include "actors/ledger_messages.hpp"
#include "actors/ledger_node.hpp"
#include "actors/node.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>

#include <cstddef>
#include <cstdint>
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

  caf::actor_system& system() noexcept { return system_; }
  const node_actor& node() const noexcept { return node_; }
  const ledger_tally& tally() const noexcept { return tally_; }
  ledger_counters counters() const;
  const std::string& keys() const noexcept { return keys_; }

 private:
  struct system_config : caf::actor_system_config {
    explicit system_config(std::size_t threads);
  };

  ledger_tally tally_;
  std::string keys_;
  system_config config_;
  caf::actor_system system_;
  ledger_writer_actor writer_;
  std::vector<validator_actor> validators_;
  node_actor node_;
};

} // namespace chancery::actors
