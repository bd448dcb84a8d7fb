// SPDX-License-Identifier: Apache-2.0
#pragma once

// What an actor system needs to reach other hosts through listener and
// connector: CAF's middleman with heartbeats, and a node id that no other
// process has. (CAF makes the id from the host and the process id alone, so
// that two containers whose process is number 1 would receive each other's
// messages; this library replaces CAF's process id with a random number.)

#include <caf/fwd.hpp>

namespace chancery::actors {

/// Call it in the constructor of a class derived from caf::actor_system_config.
void load_network(caf::actor_system_config& config);

} // namespace chancery::actors
