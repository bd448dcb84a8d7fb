// SPDX-License-Identifier: Apache-2.0
#include "actors/ledger/client_session.hpp"

#include "crypto/base/bytes.hpp"
#include "tests/actors/ledger_actor_fixture.hpp"

#include <stdexcept>

namespace chancery::tests {

BOOST_AUTO_TEST_SUITE(client_session_test)

namespace {

template <class Action>
std::string complaint_of(Action&& action) {
  try {
    action();
  } catch (const std::exception& e) {
    return e.what();
  }
  return {};
}

bool says(const std::string& text, const char* part) {
  return text.find(part) != std::string::npos;
}

/// A node that signs any receipt that the test wants.
struct forger {
  std::string receipt(crypto::receipt r) const {
    r.node = identity.id();
    return crypto::sign_jws(*signer, identity.signing, crypto::receipt_type,
                            crypto::to_json(r));
  }
  /// The correct receipt.
  crypto::receipt for_pending(const actors::client_session& c) const {
    crypto::receipt r;
    r.client = c.id();
    r.sequence = c.memory().sequence;
    r.leaf = crypto::merkle_leaf(crypto::bytes_of(c.memory().unconfirmed));
    r.time_ms = 1'767'225'600'000;
    return r;
  }
  actors::client_session new_session() const {
    return {new_client_key(),
            actors::read_node_keys(
                crypto::sign_node_keys(identity, 3, crypto::single_signatures),
                {}, crypto::single_signatures),
            crypto::single_signatures};
  }

  const crypto::node_identity& identity = node_identity_for_tests();
  std::unique_ptr<crypto::batch_signer> signer = crypto::make_batch_signer(
      crypto::provider::openssl, crypto::curve::p256, crypto::system_random());
};

constexpr crypto::hash_bytes some_hash{1, 2, 3};
constexpr crypto::hash_bytes other_hash{3, 2, 1};

} // namespace

BOOST_AUTO_TEST_CASE(one_message_is_unconfirmed_at_a_time) {
  const forger node;
  auto client = node.new_session();
  BOOST_CHECK_THROW(client.seal_again(), std::logic_error);
  client.seal("1", 0);
  BOOST_CHECK_THROW(client.seal("2", 0), std::logic_error);
  BOOST_TEST(client.memory().sequence == 1U);
  client.accept(node.receipt(node.for_pending(client)));
  client.seal("2", 0);
  BOOST_TEST(client.memory().sequence == 2U);
}

BOOST_AUTO_TEST_CASE(sending_again_sends_the_same_jws_in_a_new_jwe) {
  const forger node;
  auto client = node.new_session();
  const auto first = client.seal("1", 0);
  const auto again = client.seal_again();
  BOOST_TEST(first != again);
  crypto::jwe_opener opener(node.identity.encryption,
                            crypto::single_signatures);
  BOOST_TEST(opener.open(first, crypto::message_type) ==
             opener.open(again, crypto::message_type));
}

BOOST_AUTO_TEST_CASE(a_body_that_is_no_json_changes_nothing) {
  const forger node;
  auto client = node.new_session();
  for (const char* body : {"", "{", "1 2", "{\"a\":1,\"a\":2}", "\xff"})
    BOOST_CHECK_THROW(client.seal(body, 0), std::invalid_argument);
  BOOST_CHECK_THROW(
      client.seal('"' + std::string(crypto::payload_size_max, 'x') + '"', 0),
      std::invalid_argument);
  BOOST_TEST(client.memory().sequence == 0U);
  BOOST_TEST(client.memory().unconfirmed.empty());
}

BOOST_AUTO_TEST_CASE(a_receipt_for_another_message_is_not_taken) {
  const forger node;
  auto client = node.new_session();
  BOOST_TEST(says(complaint_of([&] { client.accept("a.b.c"); }), "no message"));
  client.seal("1", 0);
  const auto right = node.for_pending(client);
  auto r = right;
  r.sequence = 2;
  BOOST_TEST(says(complaint_of([&] { client.accept(node.receipt(r)); }),
                  "another message"));
  r = right;
  r.leaf = some_hash;
  BOOST_TEST(says(complaint_of([&] { client.accept(node.receipt(r)); }),
                  "another message"));
  r = right;
  r.client = node.identity.id();
  BOOST_TEST(says(complaint_of([&] { client.accept(node.receipt(r)); }),
                  "another message"));
  BOOST_TEST(!client.memory().unconfirmed.empty());
  BOOST_TEST(client.accept(node.receipt(right)).sequence == 1U);
}

BOOST_AUTO_TEST_CASE(a_receipt_that_the_node_did_not_sign_is_not_taken) {
  const forger node;
  auto client = node.new_session();
  client.seal("1", 0);
  auto right = node.for_pending(client);
  right.node = node.identity.id();
  const auto stranger = new_client_key();
  const auto payload = crypto::to_json(right);
  // Under a stranger's key, with the stranger's name and with the node's.
  BOOST_TEST(says(complaint_of([&] {
                    client.accept(crypto::sign_jws(
                        *node.signer, stranger, crypto::receipt_type, payload));
                  }),
                  "not signed"));
  const auto input = crypto::jws_signing_input(crypto::receipt_type,
                                               node.identity.id(), payload);
  BOOST_TEST(says(complaint_of([&] {
                    client.accept(crypto::compact_jws(
                        input, std::vector<std::byte>(64, std::byte{1})));
                  }),
                  "not signed"));
  // Another kind of object that the node did sign.
  BOOST_TEST(says(complaint_of([&] {
                    client.accept(crypto::sign_jws(*node.signer,
                                                   node.identity.signing,
                                                   crypto::keys_type, payload));
                  }),
                  "not a receipt"));
  BOOST_TEST(!client.memory().unconfirmed.empty());
}

BOOST_AUTO_TEST_CASE(a_chain_that_goes_backward_is_found_out) {
  const forger node;
  auto client = node.new_session();
  const auto confirm = [&](std::optional<crypto::block_ref> block) {
    if (client.memory().unconfirmed.empty())
      client.seal("1", 0);
    auto r = node.for_pending(client);
    r.block = block;
    return complaint_of([&] { client.accept(node.receipt(r)); });
  };
  BOOST_TEST(confirm({}) == "");
  BOOST_TEST(confirm({{4, some_hash}}) == "");
  BOOST_TEST(confirm({{4, some_hash}}) == "");
  BOOST_TEST(says(confirm({{3, some_hash}}), "went backward"));
  BOOST_TEST(says(confirm({}), "went backward"));
  BOOST_TEST(says(confirm({{4, other_hash}}), "another block"));
  BOOST_TEST(confirm({{5, other_hash}}) == "");
  BOOST_TEST(client.memory().highest->index == 5U);
}

BOOST_AUTO_TEST_CASE(its_memory_goes_on_in_another_session) {
  const forger node;
  const auto key = new_client_key();
  const auto keys = actors::read_node_keys(
      crypto::sign_node_keys(node.identity, 3, crypto::single_signatures), {},
      crypto::single_signatures);
  actors::client_session first(key, keys, crypto::single_signatures);
  first.seal("1", 0);
  actors::client_session second(key, keys, crypto::single_signatures,
                                first.memory());
  BOOST_CHECK_THROW(second.seal("2", 0), std::logic_error);
  second.accept(node.receipt(node.for_pending(second)));
  second.seal("2", 0);
  BOOST_TEST(second.memory().sequence == 2U);
}

BOOST_AUTO_TEST_CASE(only_the_pinned_nodes_keys_are_taken) {
  const auto& node = node_identity_for_tests();
  const auto keys = crypto::sign_node_keys(node, 3, crypto::single_signatures);
  BOOST_TEST((actors::read_node_keys(keys, node.id(), crypto::single_signatures)
                  .signing == node.signing.public_half()));
  BOOST_TEST(says(complaint_of([&] {
                    actors::read_node_keys(keys, new_client_key().id(),
                                           crypto::single_signatures);
                  }),
                  "not of"));
  BOOST_TEST(says(complaint_of([&] {
                    actors::read_node_keys("x.y.z", {},
                                           crypto::single_signatures);
                  }),
                  "not a node's keys"));
  // Keys of one node, signed by another.
  const auto other = crypto::make_node_identity(crypto::system_random());
  const forger f;
  const auto payload = crypto::to_json(crypto::node_keys{
      node.signing.public_half(), node.encryption.public_half(), 3});
  BOOST_TEST(says(complaint_of([&] {
                    actors::read_node_keys(
                        crypto::sign_jws(*f.signer, other.signing,
                                         crypto::keys_type, payload),
                        {}, crypto::single_signatures);
                  }),
                  "not signed by the node"));
  auto changed = keys;
  changed.back() = changed.back() == 'A' ? 'Q' : 'A';
  BOOST_TEST(says(complaint_of([&] {
                    actors::read_node_keys(changed, {},
                                           crypto::single_signatures);
                  }),
                  "does not verify"));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace chancery::tests
