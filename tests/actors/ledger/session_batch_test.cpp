// SPDX-License-Identifier: Apache-2.0
#include "actors/ledger/session_batch.hpp"

#include "actors/ledger/client.hpp"
#include "actors/ledger/client_load.hpp"
#include "actors/ledger/client_sealer.hpp"
#include "crypto/base/bytes.hpp"
#include "crypto/ledger/message_opener.hpp"
#include "tests/actors/ledger_actor_fixture.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <variant>
#include <vector>

namespace chancery::tests {

BOOST_AUTO_TEST_SUITE(session_batch_test)

using namespace std::chrono_literals;

namespace {

using session_ptr = std::shared_ptr<actors::client_session>;

struct many_sessions {
  explicit many_sessions(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i)
      sessions.push_back(std::make_shared<actors::client_session>(
          new_client_key(), keys, crypto::single_signatures));
  }

  /// The node's receipt of the session's message.
  std::string receipt_of(const actors::client_session& c,
                         std::uint64_t index) const {
    crypto::receipt r;
    r.node = identity.id();
    r.client = c.id();
    r.sequence = c.memory().sequence;
    r.index = index;
    r.leaf = crypto::merkle_leaf(crypto::bytes_of(c.memory().unconfirmed));
    r.time_ms = 1'767'225'600'000;
    return crypto::sign_jws(*signer, identity.signing, crypto::receipt_type,
                            crypto::to_json(r));
  }

  const crypto::node_identity& identity = node_identity_for_tests();
  const crypto::node_keys keys = actors::read_node_keys(
      crypto::sign_node_keys(identity, 3, crypto::single_signatures), {},
      crypto::single_signatures);
  std::unique_ptr<crypto::batch_signer> signer = crypto::make_batch_signer(
      crypto::provider::openssl, crypto::curve::p256, crypto::system_random());
  std::vector<session_ptr> sessions;
};

void check_sealing(crypto::provider p) {
  many_sessions all(20);
  actors::session_batch batch(all.keys, p);
  crypto::message_opener opener(all.identity.id(), all.identity.encryption,
                                crypto::single_signatures);
  BOOST_TEST(batch.seal({}).empty());
  all.sessions[4]->seal("0", 0); // unconfirmed
  std::vector<actors::body_to_seal> bodies;
  for (const auto& session : all.sessions)
    bodies.push_back({session, std::to_string(bodies.size()), 0});
  bodies[7].body = "{";
  const auto sealed = batch.seal(bodies);
  BOOST_REQUIRE_EQUAL(sealed.size(), bodies.size());
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    const auto* jwe = std::get_if<std::string>(&sealed[i]);
    BOOST_TEST((jwe == nullptr) == (i == 4 || i == 7));
    BOOST_TEST(all.sessions[i]->memory().sequence == (i == 7 ? 0U : 1U));
    if (jwe == nullptr)
      continue;
    const auto opened = opener.open(*jwe);
    BOOST_TEST(opened.content.body == bodies[i].body);
    BOOST_TEST(opened.compact == all.sessions[i]->memory().unconfirmed);
    BOOST_CHECK_NO_THROW(
        opener.verify(opened, all.sessions[i]->identity().public_half()));
  }
}

void check_receipts(crypto::provider p) {
  many_sessions all(12);
  actors::session_batch batch(all.keys, p);
  BOOST_TEST(batch.accept({}).empty());
  std::vector<actors::receipt_to_accept> receipts;
  for (const auto& session : all.sessions) {
    session->seal("1", 0);
    receipts.push_back(
        {session, all.receipt_of(*session, 10 + receipts.size())});
  }
  std::swap(receipts[2].compact, receipts[3].compact);
  auto& changed = receipts[5].compact[receipts[5].compact.size() - 40];
  changed = changed == 'A' ? 'B' : 'A';
  receipts[6].compact = "no receipt";
  all.sessions[8]->forget();
  const auto accepted = batch.accept(receipts);
  const auto why = [&](std::size_t i) {
    const auto* fault = std::get_if<actors::session_fault>(&accepted.at(i));
    return fault == nullptr ? std::string() : fault->why;
  };
  BOOST_TEST(why(2) == "the receipt is for another message");
  BOOST_TEST(why(3) == why(2));
  BOOST_TEST(why(5) == "the receipt is not signed by this client's node");
  BOOST_TEST(why(6).starts_with("not a receipt"));
  BOOST_TEST(why(8).starts_with("a receipt arrived, but"));
  for (const std::size_t i : {0u, 1u, 4u, 7u, 9u, 10u, 11u}) {
    BOOST_TEST(std::get<crypto::receipt>(accepted.at(i)).index == 10 + i);
    BOOST_TEST(all.sessions[i]->memory().unconfirmed.empty());
  }
  BOOST_TEST(!all.sessions[5]->memory().unconfirmed.empty());
}

} // namespace

BOOST_AUTO_TEST_CASE(messages_sealed_together_are_as_those_sealed_alone) {
  check_sealing(crypto::provider::openssl);
  check_sealing(crypto::provider::batch);
}

BOOST_AUTO_TEST_CASE(receipts_checked_together_are_judged_one_by_one) {
  check_receipts(crypto::provider::openssl);
  check_receipts(crypto::provider::batch);
}

BOOST_AUTO_TEST_CASE(clients_share_a_sealer) {
  ledger_actor_fixture f;
  const auto keys = actors::read_node_keys(
      crypto::sign_node_keys(f.identity, 3, crypto::single_signatures), {},
      crypto::single_signatures);
  const auto sealer =
      f.system.spawn(actors::client_sealer, keys, crypto::provider::batch);
  actors::ledger_progress progress;
  std::vector<decltype(f.new_asker().ask<actors::client_report>(
      actors::client_actor(), actors::run_atom_v))>
      reports;
  for (int i = 0; i < 9; ++i) {
    actors::client_config config;
    config.session = std::make_shared<actors::client_session>(f.new_session());
    config.messages = 5;
    config.wall_clock_ms = [&] { return f.wall_ms; };
    config.progress = &progress;
    config.sealer = sealer;
    reports.push_back(f.new_asker().ask<actors::client_report>(
        f.system.spawn(actors::client, config, f.node), actors::run_atom_v));
  }
  for (int i = 0; i < 100 && progress.accepted < 45; ++i)
    f.advance(10ms);
  for (const auto& report : reports) {
    BOOST_REQUIRE(report->value);
    BOOST_TEST(report->value->failure == "");
    BOOST_TEST(report->value->accepted == 5U);
  }
  BOOST_TEST(f.store->read().message_count() == 45U);
  caf::anon_send_exit(sealer, caf::exit_reason::kill);
  f.run();
}

BOOST_AUTO_TEST_CASE(a_sealers_fault_ends_its_client) {
  ledger_actor_fixture f;
  auto other = crypto::make_node_identity(crypto::system_random());
  const auto keys = actors::read_node_keys(
      crypto::sign_node_keys(other, 3, crypto::single_signatures), {},
      crypto::single_signatures);
  const auto sealer =
      f.system.spawn(actors::client_sealer, keys, crypto::provider::openssl);
  actors::ledger_progress progress;
  actors::client_config config;
  config.session = std::make_shared<actors::client_session>(f.new_session());
  config.session->seal("1", f.wall_ms); // left over, and so sealed alone
  config.messages = 1;
  config.wall_clock_ms = [&] { return f.wall_ms; };
  config.progress = &progress;
  config.sealer = sealer;
  const auto report = f.new_asker().ask<actors::client_report>(
      f.system.spawn(actors::client, config, f.node), actors::run_atom_v);
  for (int i = 0; i < 100 && report->pending(); ++i)
    f.advance(10ms);
  BOOST_REQUIRE(report->value);
  // Its node's receipt is not one of the sealer's node.
  BOOST_TEST(report->value->failure.find("not signed by this client's node") !=
             std::string::npos);
  caf::anon_send_exit(sealer, caf::exit_reason::kill);
  f.run();
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace chancery::tests
