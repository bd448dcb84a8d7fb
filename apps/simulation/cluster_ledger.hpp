// SPDX-License-Identifier: Apache-2.0
#pragma once

// The ledger of `simulate cluster`: a node and the host of its clients, each a
// process. The node is killed once while they send. Main thread only.

#include "apps/simulation/simulated_cluster.hpp"

#include <nlohmann/json.hpp>

#include <atomic>
#include <cstdint>

namespace chancery::apps {

struct cluster_ledger_result {
  std::uint64_t clients = 0;
  nlohmann::ordered_json sent;  ///< the JSON answer of the clients' host
  nlohmann::ordered_json chain; ///< the JSON answer of `chain verify`
  std::uint64_t nodes_killed = 0;
  std::uint64_t while_sending = 0; ///< how many of these kills
  double seconds = 0;

  /// Every message has its receipt and is in the chain once.
  bool good() const;
};

/// Throws host_failed when a process ends in an unexpected way, and
/// std::runtime_error when `stop` is set.
cluster_ledger_result run_cluster_ledger(const simulated_cluster& cluster,
                                         bool kill,
                                         const std::atomic<bool>& stop);

} // namespace chancery::apps
