// SPDX-License-Identifier: Apache-2.0
#pragma once

// Connects to a listener (listener.hpp) of another host of the cluster, over
// TLS 1.3 with certificates on both sides, and answers with a handle to the
// gateway that the other side opened for us, and the channel to it. Monitor
// that handle: it goes down when the link is cut. A handle of an earlier
// connection never becomes valid again. One link at a time: a new dial cuts the
// previous link.

#include "actors/transport/connector_options.hpp"
#include "actors/transport/greeting.hpp"

#include <caf/fwd.hpp>

#include <memory>

namespace chancery::actors {

class connector {
 public:
  /// Throws std::runtime_error for invalid credentials. `system` was made with
  /// load_network (network.hpp) and outlives this object.
  connector(caf::actor_system& system, connector_options options);
  connector(const connector&) = delete;
  connector& operator=(const connector&) = delete;
  /// Cuts the link and ends the actor.
  ~connector();

  /// One attempt per request, for 10 s at most. Errors are fault::unreachable
  /// with a sentence: connection refused, no answer, a certificate of another
  /// cluster or another role, a peer that closed after it received ours, ...
  const connector_actor& actor() const noexcept;

  struct state;

 private:
  std::unique_ptr<state> state_;
};

} // namespace chancery::actors
