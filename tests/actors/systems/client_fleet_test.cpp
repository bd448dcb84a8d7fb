// SPDX-License-Identifier: Apache-2.0
// A fleet without a node; ledger_node_test.cpp has fleets with one.
#include "actors/systems/client_fleet.hpp"
#include "actors/systems/system_config.hpp"

#include "tests/actors/remote_fixture.hpp"

#include <caf/scoped_actor.hpp>

#include <cmath>

namespace chancery::tests {

BOOST_AUTO_TEST_SUITE(client_fleet_test)

namespace {

struct system_config : caf::actor_system_config {
  system_config() { actors::add_messages(*this); }
};

} // namespace

BOOST_AUTO_TEST_CASE(a_stop_has_an_end_although_no_answer_comes) {
  system_config config;
  caf::actor_system system(config);
  const auto plan = std::make_shared<dial_plan>();
  plan->answer = []() -> caf::result<actors::dialled> {
    return actors::make_fault(actors::fault::unreachable, "nobody listens");
  };
  const auto connector = system.spawn(planned_connector, plan);
  actors::node_link_config linking;
  linking.connector = connector;
  linking.random = crypto::system_random();
  const auto link = system.spawn(actors::node_link, linking);

  actors::client_load load;
  load.clients = 3;
  load.patience = std::chrono::milliseconds(1);
  const std::atomic<bool> stop{true};
  actors::ledger_progress progress;
  const auto& identity = node_identity_for_tests();
  const auto keys = actors::read_node_keys(
      crypto::sign_node_keys(identity, 10, crypto::single_signatures), {},
      crypto::single_signatures);
  const auto result =
      actors::run_client_fleet(system, link, keys, load, stop, progress, [] {});
  BOOST_TEST(result.stopped);
  BOOST_TEST(result.accepted == 0U);
  BOOST_TEST(result.failures == 0U);
  caf::anon_send_exit(link, caf::exit_reason::kill);
  caf::anon_send_exit(connector, caf::exit_reason::kill);
}

BOOST_AUTO_TEST_CASE(figures_out_of_range_are_refused) {
  const auto refused = [](const auto& change) {
    actors::client_load load;
    change(load);
    BOOST_CHECK_THROW(actors::check(load), std::invalid_argument);
  };
  refused([](auto& l) { l.clients = 0; });
  refused([](auto& l) { l.rate = 0; });
  refused([](auto& l) { l.duration = -1; });
  refused([](auto& l) { l.speed = NAN; });
  refused([](auto& l) { l.rate = l.duration = 1e5; });
  refused([](auto& l) { l.rate = l.duration = 0.1; });
  BOOST_CHECK_NO_THROW(actors::check({}));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace chancery::tests
