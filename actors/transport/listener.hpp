// SPDX-License-Identifier: Apache-2.0
#pragma once

// Takes connections from hosts of the cluster and hands each to CAF as a link
// to one gateway actor of its own. CAF has no listening socket: TLS 1.3 with
// certificates on both sides ends in this process's own tunnel, which checks
// every frame before CAF sees it (frame_check.hpp) and lets a peer address its
// gateway and nothing else.
//
// A link ends with its gateway, and the gateway with its link (exit reason
// remote_link_unreachable). Links that are idle for 2 s (heartbeats keep a
// healthy one busy), that take nothing for 10 s, or that break a rule are cut.
// One thread serves all; nothing here blocks the callers.

#include "actors/transport/offered_actor.hpp"
#include "crypto/certificates/host_certificate.hpp"

#include <caf/fwd.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <set>
#include <string>

namespace chancery::actors {

struct listener_options {
  crypto::host_credentials credentials;
  std::string address;    ///< an IP address of this host, v4 or v6
  std::uint16_t port = 0; ///< 0: the system chooses
  crypto::host_role admitted = crypto::host_role::worker;
  /// The names of all types that a peer's messages may be made of, as CAF
  /// writes them (caf::type_name<T>::value, which is "chancery::actors::hello"
  /// and not its meta::type_name; "@atom" among them): all others are refused.
  std::set<std::string> message_types;
  /// Spawns the gateway of one connection. On the listener's thread.
  std::function<offered_actor(const crypto::host_identity&)> open_gateway;
  /// One line about a peer that was refused or cut, without a secret. On the
  /// listener's thread; at most some lines a second.
  std::function<void(const std::string&)> log;
  std::size_t links_max = 1'024; ///< beyond it, peers are refused
  std::size_t pending_max = 64;  ///< in TLS handshake; the oldest goes first
};

class listener {
 public:
  /// Listens when it returns. Throws std::runtime_error for credentials that
  /// do not fit or an address that cannot be listened on. `system` was made
  /// with load_network (network.hpp) and outlives this object.
  listener(caf::actor_system& system, listener_options options);
  listener(const listener&) = delete;
  listener& operator=(const listener&) = delete;
  /// Cuts all links, which ends their gateways.
  ~listener();

  std::uint16_t port() const noexcept;

  struct state;

 private:
  std::unique_ptr<state> state_;
};

} // namespace chancery::actors
