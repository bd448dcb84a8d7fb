// SPDX-License-Identifier: Apache-2.0
#pragma once

// The settings of every actor system of ours.

#include <caf/actor_system_config.hpp>

#include <cstddef>

namespace chancery::actors {

/// All message types of ours; in the constructor of a configuration.
void add_messages(caf::actor_system_config& config);

struct system_config : caf::actor_system_config {
  /// `threads` serve the scheduled actors. `network`: other hosts are reached
  /// (transport/network.hpp).
  system_config(std::size_t threads, bool network);
};

} // namespace chancery::actors
