// SPDX-License-Identifier: Apache-2.0
#pragma once

// The settings of every actor system of chancery.

#include <caf/actor_system_config.hpp>

#include <cstddef>

namespace chancery::actors {

/// Adds all message types of chancery; for a configuration's constructor.
void add_messages(caf::actor_system_config& config);

struct system_config : caf::actor_system_config {
  /// `threads` serve the scheduled actors. `network`: loads what reaches other
  /// hosts (transport/network.hpp).
  system_config(std::size_t threads, bool network);
};

} // namespace chancery::actors
