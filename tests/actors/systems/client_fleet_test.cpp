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

// Clients of a node that cannot be reached.
struct lonely_fleet {
  lonely_fleet() {
    plan->answer = []() -> caf::result<actors::dialled> {
      return actors::make_fault(actors::fault::unreachable, "nobody listens");
    };
    connector = system.spawn(planned_connector, plan);
    actors::node_link_config linking;
    linking.connector = connector;
    linking.random = crypto::system_random();
    link = system.spawn(actors::node_link, linking);
    load.clients = 3;
    load.patience = std::chrono::milliseconds(1);
  }
  lonely_fleet(const lonely_fleet&) = delete;
  lonely_fleet& operator=(const lonely_fleet&) = delete;
  ~lonely_fleet() {
    caf::anon_send_exit(link, caf::exit_reason::kill);
    caf::anon_send_exit(connector, caf::exit_reason::kill);
  }

  actors::client_load_result run(bool stopped) {
    const std::atomic<bool> stop{stopped};
    actors::ledger_progress progress;
    const auto keys = actors::read_node_keys(
        crypto::sign_node_keys(node_identity_for_tests(), 10,
                               crypto::single_signatures),
        {}, crypto::single_signatures);
    return actors::run_client_fleet(system, link, keys, load, stop, progress,
                                    [] {});
  }

  system_config config;
  caf::actor_system system{config};
  std::shared_ptr<dial_plan> plan = std::make_shared<dial_plan>();
  actors::connector_actor connector;
  actors::node_link_actor link;
  actors::client_load load;
};

BOOST_AUTO_TEST_CASE(a_stop_has_an_end_although_no_answer_comes) {
  const auto result = lonely_fleet().run(true);
  BOOST_TEST(result.stopped);
  BOOST_TEST(!result.given_up);
  BOOST_TEST(result.accepted == 0U);
  BOOST_TEST(result.failures == 0U);
}

BOOST_AUTO_TEST_CASE(so_has_the_duration) {
  lonely_fleet fleet;
  fleet.load.rate = 20;
  fleet.load.duration = 0.1;
  const auto result = fleet.run(false);
  BOOST_TEST(result.given_up);
  BOOST_TEST(!result.stopped);
  BOOST_TEST(result.accepted == 0U);
  BOOST_TEST(result.sent + result.unsent == 6U);
  BOOST_TEST(result.seconds >= 0.1);
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
