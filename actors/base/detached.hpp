// SPDX-License-Identifier: Apache-2.0
#pragma once

// Spawns an actor with a thread of its own. Any thread.

#include "actors/base/threads.hpp"

#include <caf/actor_system.hpp>
#include <caf/spawn_options.hpp>

#include <system_error>
#include <utility>

namespace chancery::actors {

/// As system.spawn<caf::detached>(xs...). Where the system starts no more
/// threads, the process ends (end_without_a_thread): CAF 0.17.6 cannot take
/// back an actor whose thread did not start, and its handles keep others alive.
/// Call require_threads before, which throws.
template <class... Ts>
auto spawn_detached(caf::actor_system& system, Ts&&... xs) {
  try {
    return system.spawn<caf::detached>(std::forward<Ts>(xs)...);
  } catch (const std::system_error& e) {
    end_without_a_thread(e.code());
  }
}

} // namespace chancery::actors
