// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <caf/actor_control_block.hpp>

#include <set>
#include <string>

namespace chancery::actors {

/// An actor that one peer may address.
struct offered_actor {
  caf::strong_actor_ptr actor;
  std::set<std::string> interface; ///< caf::actor_system::message_types of it
};

} // namespace chancery::actors
