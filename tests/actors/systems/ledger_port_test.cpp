// SPDX-License-Identifier: Apache-2.0
#include "actors/systems/ledger_port.hpp"

#include "tests/actors/ledger_actor_fixture.hpp"

namespace chancery::tests {

BOOST_AUTO_TEST_SUITE(ledger_port_test)

// Requests after the failure, through any port, get its reason.
BOOST_AUTO_TEST_CASE(a_node_that_failed_answers_everybody_with_the_reason) {
  temp_folder folder;
  const auto& identity = node_identity_for_tests();
  storage::ledger_options storing;
  storing.sync = false;
  storage::ledger_store::create(folder.path() / "ledger", {identity.id(), 10},
                                storing);
  storing.before_commit = [] { throw std::runtime_error("no space"); };
  storage::ledger_store store(folder.path() / "ledger", storing);
  actors::ledger_system ledger(store, identity, {}, 1);
  actors::ledger_port asks(ledger.system(), ledger.node());
  actors::ledger_port later(ledger.system(), ledger.node());
  actors::client_session client(
      new_client_key(),
      actors::read_node_keys(ledger.keys(), {}, crypto::single_signatures),
      crypto::single_signatures);
  const auto answer = asks.submit(client.registration(1)).get();
  BOOST_TEST((answer.refused == crypto::refusal::internal));
  BOOST_TEST(ledger.failure() == answer.reason);
  BOOST_TEST(answer.reason.find("no space") != std::string::npos,
             answer.reason);
  BOOST_TEST(later.submit("garbage").get().reason == answer.reason);
}

BOOST_AUTO_TEST_CASE(what_is_handed_in_before_the_end_has_its_answer) {
  temp_folder folder;
  const auto& identity = node_identity_for_tests();
  storage::ledger_options storing;
  storing.sync = false;
  storage::ledger_store::create(folder.path() / "ledger", {identity.id(), 10},
                                storing);
  storage::ledger_store store(folder.path() / "ledger", storing);
  std::vector<std::future<actors::ledger_answer>> answers;
  {
    actors::ledger_system ledger(store, identity, {}, 1);
    actors::ledger_port port(ledger.system(), ledger.node());
    for (int i = 0; i < 100; ++i)
      answers.push_back(port.submit("garbage"));
  }
  for (auto& a : answers)
    BOOST_TEST(a.get().refused.has_value());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace chancery::tests
