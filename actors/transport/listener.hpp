// SPDX-License-Identifier: Apache-2.0
#pragma once

// Accepts connections from hosts of the cluster, and hands each to CAF as a
// link to a gateway actor of its own. CAF has no listening socket: a tunnel in
// this process terminates TLS 1.3 with certificates on both sides, checks every
// frame before CAF sees it (frame_check.hpp), and lets a peer address only its
// gateway.
//
// A link ends with its gateway, and the gateway with its link (exit reason
// remote_link_unreachable). When a gateway ends with a fault (refused, say),
// its sentence is logged. A link is cut when it is idle for 2 s (heartbeats
// keep a healthy one busy), when its data is not taken for 10 s, when a frame
// breaks a rule, when one of the two certificates has expired, or when its host
// is denied from now on. limits.hpp has all limits. One thread serves all
// links; nothing here blocks the callers.

#include "actors/base/defences.hpp"
#include "actors/transport/limits.hpp"
#include "actors/transport/offered_actor.hpp"
#include "actors/transport/pending_places.hpp"
#include "actors/transport/secure_channel.hpp"
#include "crypto/certificates/host_certificate.hpp"

#include <caf/fwd.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>

namespace chancery::actors {

struct listener_options {
  crypto::host_credentials credentials;
  std::string address;    ///< an IP address of this host, v4 or v6
  std::uint16_t port = 0; ///< 0: the system chooses
  crypto::host_role admitted = crypto::host_role::worker;
  /// The types that a peer's messages may be made of, as CAF names them:
  /// caf::type_name<T>::value ("chancery::actors::hello"), not its
  /// meta::type_name, and "@atom". Messages with any other type are refused.
  std::set<std::string> message_types;
  /// Spawns the gateway of one connection. On the listener's thread.
  std::function<offered_actor(const secure_channel&)> open_gateway;
  /// Receives one line about each peer that was refused or cut, without
  /// secrets. On the listener's thread; about ten lines a second at most.
  std::function<void(const std::string&)> log;
  /// Why this host may not connect, as a sentence; nothing if it may. Asked for
  /// each new link, and every second for each link that is there. On the
  /// listener's thread; may be empty.
  std::function<std::optional<std::string>(const crypto::host_identity&)>
      denied;
  std::size_t payload_max = client_payload_max; ///< of one frame of a peer
  std::size_t links_max = actors::links_max;    ///< further peers are refused
  pending_places::limits pending{};             ///< connections without TLS
  defences defended{};
};

class listener {
 public:
  /// Listens when it returns. Throws std::runtime_error for invalid credentials
  /// or an address that it cannot listen on. `system` was made with
  /// load_network (network.hpp) and outlives this object.
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
