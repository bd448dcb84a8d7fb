// SPDX-License-Identifier: Apache-2.0
#pragma once

// Hosts of a cluster in one process for tests of the greeting over real TLS: a
// coordinator that lends nothing, a worker's connection that the test plays
// step by step, and a host between the two that passes everything on.

#include "actors/cluster/coordinator.hpp"
#include "actors/cluster/coordinator_check.hpp"
#include "actors/cluster/gateway.hpp"
#include "actors/systems/system_config.hpp"
#include "actors/transport/connector.hpp"
#include "actors/transport/listener.hpp"
#include "crypto/base/random.hpp"
#include "crypto/certificates/host_certificate.hpp"

#include <caf/actor_cast.hpp>
#include <caf/actor_system.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace chancery::tests {

using namespace std::chrono_literals;

/// Credentials of one cluster.
class certificate_office {
 public:
  crypto::host_credentials issue(crypto::host_role role,
                                 const std::string& name) const {
    return crypto::issue_host_certificate(key_, pem_, name, role, now_,
                                          crypto::host_certificate_days_default,
                                          crypto::system_random());
  }

 private:
  std::chrono::system_clock::time_point now_ = std::chrono::system_clock::now();
  crypto::private_key key_ = crypto::private_key::generate(
      crypto::curve::p256, crypto::system_random());
  std::string pem_ =
      crypto::make_authority_certificate(key_, now_, crypto::system_random());
};

/// A process of its own: another node for CAF.
struct own_process {
  actors::system_config config{2, true};
  caf::actor_system system{config};
};

/// A coordinator as a run opens it, without a keyring to lend from.
class greeting_office {
 public:
  greeting_office(crypto::host_credentials credentials,
                  std::vector<std::byte> secret, std::string fingerprint) {
    actors::coordinator_options options;
    options.credentials = std::move(credentials);
    options.address = "127.0.0.1";
    options.note = [this](const std::string& line) {
      const std::lock_guard lock(mutex_);
      log_.push_back(line);
    };
    actors::gateway_config gateways;
    gateways.greeting.software = "chancery 9";
    gateways.greeting.folder = std::string(16, 'f');
    gateways.greeting.instance = std::string(16, 'j');
    gateways.greeting.epoch_id = std::string(16, 'e');
    gateways.fingerprint = std::move(fingerprint);
    gateways.table = &progress_.workers;
    gateways.progress = &progress_;
    gateways.prover.emplace(secret);
    listener_ = std::make_unique<actors::listener>(
        own_.system,
        actors::listen_for_workers(own_.system, options, gateways, {}, {}));
  }

  std::uint16_t port() const { return listener_->port(); }
  std::size_t admitted() const { return progress_.workers.rows().size(); }
  /// Waits for it, 60 s at most: its log comes behind a link's end.
  bool said(const std::string& words) const {
    for (int tries = 0; tries < 600; ++tries) {
      if (has_said(words))
        return true;
      std::this_thread::sleep_for(100ms);
    }
    return false;
  }

 private:
  bool has_said(const std::string& words) const {
    const std::lock_guard lock(mutex_);
    for (const auto& line : log_)
      if (line.find(words) != std::string::npos)
        return true;
    return false;
  }

  mutable std::mutex mutex_;
  std::vector<std::string> log_;
  actors::signing_progress progress_;
  own_process own_;
  std::unique_ptr<actors::listener> listener_;
};

/// A worker's end of a connection; the test sends each message.
class greeting_desk {
 public:
  greeting_desk(crypto::host_credentials credentials, std::uint16_t port) {
    actors::connector_options options;
    options.credentials = std::move(credentials);
    options.host = "127.0.0.1";
    options.port = port;
    options.message_types = actors::coordinator_message_types();
    options.payload_max = actors::coordinator_payload_max;
    options.interface = own_.system.message_types(
        caf::detail::type_list<actors::greeter_actor>{});
    connector_ = std::make_unique<actors::connector>(own_.system, options);
    dial();
  }

  /// Cuts the last connection. The other side may notice that later than the
  /// next attempt, and refuses it then.
  void dial() {
    for (int tries = 0; !dial_once() && tries < 600; ++tries)
      std::this_thread::sleep_for(100ms);
  }

  caf::actor_system& system() { return own_.system; }

  actors::gateway_actor gateway() const {
    return caf::actor_cast<actors::gateway_actor>(peer.gateway);
  }

  /// Nothing after an error, whose sentence is in `why`.
  template <class Answer, class... Ts>
  std::optional<Answer> ask(Ts... words) {
    std::optional<Answer> answer;
    why.clear();
    self_->request(gateway(), 60s, std::move(words)...)
        .receive([&](const Answer& a) { answer = a; },
                 [&](const caf::error& e) { why = actors::sentence(e); });
    return answer;
  }

  /// Waits for the connection's end, 60 s at most.
  bool link_ends() {
    bool down = false;
    self_->monitor(gateway());
    self_->receive([&](const caf::down_msg&) { down = true; },
                   caf::after(60s) >> [] {});
    return down;
  }

  actors::dialled peer;
  std::string why;

 private:
  /// False if it may succeed later.
  bool dial_once() {
    why.clear();
    self_->request(connector_->actor(), 60s, actors::dial_atom_v)
        .receive([&](const actors::dialled& d) { peer = d; },
                 [&](const caf::error& e) { why = actors::sentence(e); });
    return why.find("its node has a link already") == std::string::npos;
  }

  own_process own_;
  std::unique_ptr<actors::connector> connector_;
  caf::scoped_actor self_{own_.system};
};

/// Asks the other gateway, and answers as it does.
template <class Answer, class... Ts>
caf::typed_response_promise<Answer> pass_on(actors::gateway_actor::pointer self,
                                            const actors::gateway_actor& there,
                                            const Ts&... words) {
  auto promise = self->make_response_promise<Answer>();
  self->request(there, 60s, words...)
      .then(
          [promise](const Answer& a) mutable { promise.deliver(a); },
          [promise](caf::error& e) mutable { promise.deliver(std::move(e)); });
  return promise;
}

inline actors::gateway_actor::behavior_type
relay(actors::gateway_actor::pointer self, actors::gateway_actor there) {
  return {
      [=](actors::hello_atom a, const actors::hello& h) {
        return pass_on<actors::welcome>(self, there, a, h);
      },
      [=](actors::prove_atom a, const actors::challenge& c) {
        return pass_on<actors::challenge_answer>(self, there, a, c);
      },
      [=](actors::prove_atom a, const actors::proof& p) {
        return pass_on<actors::admitted>(self, there, a, p);
      },
      [=](actors::work_atom a, const actors::work_request& r) {
        return pass_on<actors::work_answer>(self, there, a, r);
      },
      [=](actors::renew_atom a, const actors::renew_request& r) {
        return pass_on<actors::grant>(self, there, a, r);
      },
      [](actors::bye_atom) {},
  };
}

/// A host that opens this gateway for each worker, whatever it proves.
class gateway_host {
 public:
  using gateway_maker = std::function<actors::offered_actor()>;

  gateway_host(caf::actor_system& system, crypto::host_credentials credentials,
               gateway_maker open) {
    actors::listener_options options;
    options.credentials = std::move(credentials);
    options.address = "127.0.0.1";
    options.message_types = actors::worker_message_types();
    options.log = [](const std::string&) {};
    options.open_gateway =
        [make = std::move(open)](const actors::secure_channel&) {
          return make();
        };
    listener_ = std::make_unique<actors::listener>(system, std::move(options));
  }

  std::uint16_t port() const { return listener_->port(); }

 private:
  std::unique_ptr<actors::listener> listener_;
};

template <class Handle>
actors::offered_actor offered(caf::actor_system& system, const Handle& h) {
  return {caf::actor_cast<caf::strong_actor_ptr>(h), system.message_types(h)};
}

} // namespace chancery::tests
