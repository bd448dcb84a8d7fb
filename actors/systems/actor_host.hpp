// SPDX-License-Identifier: Apache-2.0
#pragma once

// An actor system with its settings, made where enough threads are free.

#include "actors/systems/system_config.hpp"

#include <caf/actor_system.hpp>

#include <cstddef>
#include <memory>

namespace chancery::actors {

/// How many threads an actor system will have.
struct host_threads {
  std::size_t scheduled = 1; ///< for the scheduled actors
  std::size_t detached = 0;  ///< for detached actors and connections
};

class actor_host {
 public:
  /// `network` as for system_config. Throws no_thread unless all these threads
  /// can be started now. Where others took their places before CAF starts its
  /// own, the process ends with the same sentence and exit code 1.
  actor_host(host_threads threads, bool network);

  caf::actor_system& system() noexcept { return *system_; }

 private:
  system_config config_;
  std::unique_ptr<caf::actor_system> system_;
};

} // namespace chancery::actors
