// SPDX-License-Identifier: Apache-2.0
#pragma once

// A ledger whose node is reached through gateways, one per connection, and a
// connector that the test controls, all on one deterministic scheduler. Opening
// and killing gateways stands for the network.

#include "actors/ledger/ledger_gateway.hpp"
#include "actors/ledger/node_link.hpp"
#include "tests/actors/ledger_actor_fixture.hpp"

#include <caf/actor_cast.hpp>

namespace chancery::tests {

/// The connector's answers, and the number of its requests.
struct dial_plan {
  std::function<caf::result<actors::dialled>()> answer;
  std::size_t dials = 0;
};

inline actors::connector_actor::behavior_type
planned_connector(actors::connector_actor::pointer,
                  const std::shared_ptr<dial_plan>& plan) {
  return {[plan](actors::dial_atom) {
    ++plan->dials;
    return plan->answer();
  }};
}

class remote_fixture : public ledger_actor_fixture {
 public:
  explicit remote_fixture(const ledger_fixture_options& o = {})
      : ledger_actor_fixture(o) {
    plan->answer = [this]() -> caf::result<actors::dialled> {
      return actors::dialled{
          caf::actor_cast<caf::strong_actor_ptr>(open_gateway()), {}};
    };
  }

  ~remote_fixture() {
    cut();
    if (link)
      caf::anon_send_exit(link, caf::exit_reason::kill);
    if (connector)
      caf::anon_send_exit(connector, caf::exit_reason::kill);
    link = nullptr;
    connector = nullptr;
    run();
  }

  actors::ledger_gateway_actor open_gateway() {
    actors::ledger_gateway_config config;
    config.node = node;
    config.peer = "tester";
    config.welcome.protocol = gateway_protocol;
    config.welcome.software = "chancery of the test";
    config.welcome.node = actors::bytes_of_id(gateway_node);
    config.limits = gateway_limits;
    config.connected = &connected;
    gateway = system.spawn(actors::ledger_gateway, config);
    caf::actor_cast<caf::strong_actor_ptr>(gateway)->get()->attach_functor(
        [this](const caf::error& reason) {
          if (reason == actors::fault::refused)
            log.push_back(actors::sentence(reason));
        });
    return gateway;
  }

  /// Ends the gateway as the transport does when the link is lost.
  void cut() {
    if (gateway)
      caf::anon_send_exit(gateway, caf::exit_reason::remote_link_unreachable);
    gateway = nullptr;
    run();
  }

  void open_link(std::optional<crypto::key_id> pinned = std::nullopt) {
    connector = system.spawn(planned_connector, plan);
    actors::node_link_config config;
    config.connector = connector;
    config.greeting = greeting;
    config.node = pinned;
    config.random = [this](std::span<std::byte> bytes) {
      std::fill(bytes.begin(), bytes.end(), chance);
    };
    config.tell = [this](actors::link_state now, const std::string& why) {
      told.emplace_back(now, why);
    };
    config.waiting = link_waiting;
    link = system.spawn(actors::node_link, config);
    run();
  }

  /// From now on nobody listens at the other end.
  void refuse_to_connect() {
    plan->answer = []() -> caf::result<actors::dialled> {
      return actors::make_fault(actors::fault::unreachable, "nobody listens");
    };
  }
  void connect_again() {
    plan->answer = [this]() -> caf::result<actors::dialled> {
      return actors::dialled{
          caf::actor_cast<caf::strong_actor_ptr>(open_gateway()), {}};
    };
  }

  template <class T, class... Ts>
  std::shared_ptr<answer<T>> ask_link(Ts... xs) {
    return one_asker().ask<T>(link, xs...);
  }
  template <class T, class... Ts>
  std::shared_ptr<answer<T>> ask_gateway(Ts... xs) {
    return one_asker().ask<T>(gateway, xs...);
  }

  std::size_t times_told(actors::link_state what) const {
    return static_cast<std::size_t>(
        std::count_if(told.begin(), told.end(),
                      [&](const auto& t) { return t.first == what; }));
  }

  actors::hello greeting;
  std::uint32_t gateway_protocol = actors::protocol_version;
  crypto::key_id gateway_node = identity.id();
  actors::forward_limits gateway_limits{256, std::size_t{16} << 20};
  actors::forward_limits link_waiting{1'000, std::size_t{16} << 20};
  std::atomic<std::uint64_t> connected{0};
  std::vector<std::string> log;
  std::byte chance{0}; ///< every byte of the random source
  std::vector<std::pair<actors::link_state, std::string>> told;
  std::shared_ptr<dial_plan> plan = std::make_shared<dial_plan>();
  actors::ledger_gateway_actor gateway;
  actors::connector_actor connector;
  actors::node_link_actor link;

 private:
  asker& one_asker() {
    if (asker_ == nullptr)
      asker_ = &new_asker();
    return *asker_;
  }
  asker* asker_ = nullptr;
};

} // namespace chancery::tests
