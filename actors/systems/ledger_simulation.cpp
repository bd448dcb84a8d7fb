// SPDX-License-Identifier: Apache-2.0
#include "actors/systems/ledger_simulation.hpp"

#include "actors/ledger/client_session.hpp"
#include "actors/systems/client_fleet.hpp"
#include "actors/systems/ledger_system.hpp"

#include <algorithm>
#include <stdexcept>
#include <thread>
#include <utility>

namespace chancery::actors {

ledger_simulation_result
simulate_ledger(storage::ledger_store& store,
                const crypto::node_identity& identity,
                const ledger_simulation_options& options,
                const std::atomic<bool>& stop, ledger_progress& progress) {
  check(options);
  ledger_system ledger(store, identity, options.node,
                       std::max(1U, std::thread::hardware_concurrency()));
  const auto keys =
      read_node_keys(ledger.keys(), std::nullopt, crypto::single_signatures);
  ledger_simulation_result result;
  static_cast<client_load_result&>(result) = run_client_fleet(
      ledger.system(), ledger.node(), keys, options, stop, progress,
      [&] { progress.blocks = ledger.tally().blocks.load(); });
  if (result.failures > 0)
    throw std::runtime_error(result.failure);
  result.node = ledger.counters();
  return result;
}

} // namespace chancery::actors
