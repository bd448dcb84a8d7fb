// SPDX-License-Identifier: Apache-2.0

// When the writer commits. What it writes is in node_test.cpp.

#include "actors/ledger/ledger_writer.hpp"

#include "tests/actors/ledger_actor_fixture.hpp"

#include <vector>

namespace chancery::tests {

BOOST_AUTO_TEST_SUITE(ledger_writer_test)

BOOST_AUTO_TEST_CASE(many_that_wait_alone_are_committed_before_their_time) {
  ledger_actor_fixture f;
  std::vector<actors::client_session> clients;
  for (int i = 0; i < 65; ++i)
    clients.push_back(f.registered());
  std::vector<ledger_actor_fixture::submission> answers;
  for (auto& client : clients) {
    if (answers.size() == 1)
      f.run(); // the first one's commit begins the interval
    if (answers.size() == 64) {
      f.run();
      BOOST_TEST(f.store->read().message_count() == 1U);
    }
    answers.push_back(f.hand_in(client.seal("1", f.wall_ms)));
  }
  f.run();
  BOOST_TEST(f.store->read().message_count() == 65U);
  for (const auto& answer : answers)
    BOOST_TEST(answer->value.has_value());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace chancery::tests
