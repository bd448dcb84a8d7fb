// SPDX-License-Identifier: Apache-2.0
#pragma once

// Hosts of a cluster in one process, each with its own actor system, and real
// TLS between them over the loopback.

#include "actors/transport/connector.hpp"
#include "actors/transport/listener.hpp"
#include "actors/transport/network.hpp"
#include "crypto/base/random.hpp"
#include "crypto/certificates/host_certificate.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/typed_actor.hpp>

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace chancery::tests {
struct note;
}

CAF_BEGIN_TYPE_ID_BLOCK(transport_tests, first_custom_type_id + 320)
CAF_ADD_TYPE_ID(transport_tests, (chancery::tests::note))
CAF_ADD_ATOM(transport_tests, chancery::tests, echo_atom, "echo")
CAF_ADD_ATOM(transport_tests, chancery::tests, quit_atom, "quit")
CAF_END_TYPE_ID_BLOCK(transport_tests)

namespace chancery::tests {

using namespace std::chrono_literals;

struct note {
  std::string text;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, note& x) {
  return f(caf::meta::type_name("note"), x.text);
}

using echo_actor = caf::typed_actor<
    // Echoes the note; refuses an empty one with a sentence.
    caf::replies_to<echo_atom, note>::with<note>,
    // Answers and quits.
    caf::replies_to<quit_atom>::with<note>>;

echo_actor::behavior_type echo(echo_actor::pointer self);

struct host_config : caf::actor_system_config {
  host_config();
};

struct host {
  host_config config;
  caf::actor_system system{config};
};

struct cluster {
  std::chrono::system_clock::time_point now = std::chrono::system_clock::now();
  crypto::private_key key = crypto::private_key::generate(
      crypto::curve::p256, crypto::system_random());
  std::string pem =
      crypto::make_authority_certificate(key, now, crypto::system_random());

  crypto::host_credentials issue(crypto::host_role role,
                                 std::string_view name = "host-1") const;
  /// Expired some days ago.
  crypto::host_credentials issue_expired(crypto::host_role role) const;
};

/// False when it stays false for 60 s.
bool eventually(const std::function<bool()>& holds);

/// The test messages' types, for listener and connector.
std::set<std::string> message_types();

/// A coordinator that listens, and what it saw and logged.
class coordinator_host {
 public:
  using change = std::function<void(actors::listener_options&)>;

  explicit coordinator_host(const cluster& c, const change& adapt = {});

  std::uint16_t port() const { return listener->port(); }

  /// Whether a log line contains this text.
  bool said(std::string_view words) const;
  std::size_t lines() const;

  /// Of each gateway, in the order of connecting.
  std::vector<actors::secure_channel> channels() const;

  host own;
  std::atomic<int> opened = 0; ///< gateways
  std::atomic<int> ended = 0;
  std::atomic<int> ended_unreachable = 0;
  std::atomic<std::uint64_t> gateway = 0; ///< the last one's actor id

 private:
  actors::offered_actor open(const actors::secure_channel& channel);

  mutable std::mutex mutex_;
  std::vector<std::string> log_;
  std::vector<actors::secure_channel> channels_;

 public:
  std::unique_ptr<actors::listener> listener;
};

/// A worker that dials, and waits for each answer.
class worker_host {
 public:
  using change = std::function<void(actors::connector_options&)>;

  worker_host(const cluster& c, std::uint16_t port, const change& adapt = {});

  /// The gateway; null after an error, which is in `why`.
  echo_actor dial();
  /// The same where this host has just had a link. Until CAF over there has let
  /// go of it, which takes a moment on a busy host, the node is refused, and
  /// dials again, as workers do; 60 s at most.
  echo_actor dial_again();
  std::string why;
  actors::secure_channel channel; ///< of the last dial that succeeded

  /// The answer's text; empty after an error, which is in `why`.
  std::string echo(const echo_actor& gateway, const std::string& text);

  /// Waits for the actor's end, 60 s at most.
  bool goes_down(const echo_actor& gateway);

  host own;
  std::unique_ptr<actors::connector> connector;
  caf::scoped_actor self{own.system};
};

} // namespace chancery::tests
