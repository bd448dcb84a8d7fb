// SPDX-License-Identifier: Apache-2.0
#pragma once

// How links reach CAF 0.17's broker for its wire protocol: by one end of a pair
// of local sockets. The broker's message for a connection without a listening
// socket is not documented (its source says that tests use it), so it is used
// in this file alone, and the tests of the listener notice when it changes.

#include "actors/transport/frame_check.hpp"
#include "actors/transport/offered_actor.hpp"

#include <caf/actor.hpp>
#include <caf/fwd.hpp>
#include <caf/io/fwd.hpp>
#include <caf/io/scribe.hpp>

#include <utility>

namespace chancery::actors {

/// CAF's broker, where the middleman is loaded. Throws std::runtime_error where
/// it is not.
caf::actor basp_broker(caf::actor_system& system);

/// This system's own node.
node_bytes own_node(caf::actor_system& system);

/// A pair of connected local sockets. CAF's end closes itself when nobody
/// takes it; ours, the integer, does not. Throws std::system_error.
std::pair<caf::io::scribe_ptr, int> open_basp_socket(caf::actor_system& system);

/// Greets the peer at the other end, and offers it this actor.
void offer(const caf::actor& broker, caf::io::scribe_ptr socket,
           const offered_actor& gateway);

/// Lets go of an actor that was offered.
void withdraw(const caf::actor& broker, const offered_actor& gateway);

} // namespace chancery::actors
