// SPDX-License-Identifier: Apache-2.0
#pragma once

// Connects links to CAF 0.17's broker for BASP, through one end of a pair of
// local sockets. The broker's message for a connection without a listening
// socket is undocumented (its source says that tests use it), so only this file
// uses it, and the listener's tests fail when it changes.

#include "actors/transport/frame_check.hpp"
#include "actors/transport/offered_actor.hpp"

#include <caf/actor.hpp>
#include <caf/fwd.hpp>
#include <caf/io/fwd.hpp>
#include <caf/io/scribe.hpp>

#include <utility>

namespace chancery::actors {

/// CAF's broker for BASP. Throws std::runtime_error when the middleman is not
/// loaded.
caf::actor basp_broker(caf::actor_system& system);

/// This system's own node id. Throws std::runtime_error when it is not 32 bytes
/// long.
node_bytes own_node(caf::actor_system& system);

/// A pair of connected local sockets. CAF's end closes itself when it is not
/// used; the caller must close ours, the integer. Throws std::system_error.
std::pair<caf::io::scribe_ptr, int> open_basp_socket(caf::actor_system& system);

/// Greets the peer at the other end, and publishes this actor to it.
void offer(const caf::actor& broker, caf::io::scribe_ptr socket,
           const offered_actor& gateway);

/// Unpublishes an actor that was offered.
void withdraw(const caf::actor& broker, const offered_actor& gateway);

} // namespace chancery::actors
