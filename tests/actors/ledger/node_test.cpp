// SPDX-License-Identifier: Apache-2.0
#include "actors/ledger/node.hpp"

#include "actors/ledger/chain.hpp"
#include "crypto/base/bytes.hpp"
#include "tests/actors/ledger_actor_fixture.hpp"

#include <fmt/format.h>

namespace chancery::tests {

BOOST_AUTO_TEST_SUITE(node_test)

namespace {

using crypto::refusal;

crypto::receipt receipt_in(const std::string& compact) {
  return crypto::receipt_from_json(
      crypto::parse_signed(compact, crypto::receipt_type).payload);
}

/// A message whose fields the test chooses.
std::string message_of(const crypto::private_key& key, std::uint64_t sequence,
                       const crypto::node_identity& node,
                       const std::string& body = "{}") {
  const auto signer = crypto::make_batch_signer(
      crypto::provider::openssl, crypto::curve::p256, crypto::system_random());
  const auto payload = crypto::to_json(crypto::message{
      key.id(), sequence, "2026-01-01T00:00:00Z", node.id(), body});
  return crypto::seal_jwe(
      crypto::sign_jws(*signer, key, crypto::message_type, payload),
      node.encryption.public_half(), crypto::message_type);
}

struct key_fixture : ledger_actor_fixture {
  using ledger_actor_fixture::ledger_actor_fixture;

  void enroll() {
    actors::client_session session(
        key,
        actors::read_node_keys(
            crypto::sign_node_keys(identity, options.block_size,
                                   crypto::single_signatures),
            {}, crypto::single_signatures),
        crypto::single_signatures);
    BOOST_REQUIRE(submit(session.registration(wall_ms))->value);
  }
  submission say(std::uint64_t sequence, const std::string& body = "{}") {
    return submit(message_of(key, sequence, identity, body));
  }
  crypto::private_key key = new_client_key();
};

} // namespace

BOOST_AUTO_TEST_CASE(a_message_gets_its_receipt_once_it_is_stored) {
  ledger_actor_fixture f;
  auto client = f.registered();
  const auto a = f.submit(client.seal(R"({"invoice":7})", f.wall_ms));
  BOOST_REQUIRE_MESSAGE(a->value, actors::sentence(a->fault));
  const auto compact = client.memory().unconfirmed;
  const auto receipt = client.accept(a->value->receipt);
  BOOST_TEST(receipt.index == 0U);
  BOOST_TEST(receipt.sequence == 1U);
  BOOST_TEST(!receipt.block.has_value());
  const auto view = f.store->read();
  BOOST_TEST(crypto::text_of(*view.message(0)) == compact);
  BOOST_TEST(crypto::text_of(*view.receipt(0)) == a->value->receipt);
}

BOOST_AUTO_TEST_CASE(nobody_is_answered_before_the_commit) {
  int commits = 0;
  ledger_actor_fixture f({.before_commit = [&] { ++commits; }});
  auto client = f.registered();
  const auto before = commits;
  const auto a = f.hand_in(client.seal("1", f.wall_ms));
  while (a->pending()) {
    BOOST_TEST(commits == before);
    if (!f.step(1)) {
      BOOST_TEST(commits == before);
      break;
    }
    if (commits > before)
      break; // the commit is done; the answer may be sent
  }
  f.settle();
  BOOST_TEST(a->value.has_value());
  BOOST_TEST(commits == before + 1);
}

BOOST_AUTO_TEST_CASE(every_third_message_completes_a_block) {
  ledger_actor_fixture f;
  auto client = f.registered();
  for (int i = 0; i < 8; ++i)
    client.accept(f.submit(client.seal(std::to_string(i), f.wall_ms))
                      ->value.value()
                      .receipt);
  const auto view = f.store->read();
  BOOST_TEST(actors::completed_blocks(view) == 2U);
  const auto head = actors::head_block(view).value();
  BOOST_TEST(head.header.first_message == 3U);
  BOOST_TEST(head.header.count == 3U);
  BOOST_TEST((head.header.previous == actors::block_at(view, 0)->hash));
  BOOST_TEST(f.tally.blocks == 2U);
  // The seventh and eighth name the second block, the sixth the first.
  const auto block_in = [&](std::uint64_t i) {
    return receipt_in(std::string(crypto::text_of(*view.receipt(i)))).block;
  };
  BOOST_TEST(!block_in(2).has_value());
  BOOST_TEST(block_in(5)->index == 0U);
  BOOST_TEST((block_in(6)->hash == head.hash));
}

BOOST_AUTO_TEST_CASE(messages_short_of_a_block_survive_a_restart) {
  ledger_actor_fixture f;
  auto client = f.registered();
  for (int i = 0; i < 2; ++i)
    client.accept(f.submit(client.seal("0", f.wall_ms))->value.value().receipt);
  f.restart();
  BOOST_TEST(f.store->read().block_count() == 0U);
  client.accept(f.submit(client.seal("0", f.wall_ms))->value.value().receipt);
  const auto view = f.store->read();
  BOOST_TEST(view.block_count() == 1U);
  BOOST_TEST(actors::block_at(view, 0)->header.count == 3U);
  const auto proof = actors::prove(view, 0, 3).value();
  BOOST_TEST(actors::check_proof(proof, f.identity.signing.public_half(),
                                 crypto::single_signatures) == "");
}

BOOST_AUTO_TEST_CASE(a_message_sent_again_gets_its_first_receipt) {
  key_fixture f;
  f.enroll();
  const auto first = f.say(1, "true");
  BOOST_REQUIRE(first->value);
  // The payload is the same; signature and encryption are new.
  const auto again = f.say(1, "true");
  BOOST_REQUIRE(again->value);
  BOOST_TEST(again->value->receipt == first->value->receipt);
  f.say(2);
  f.restart();
  const auto later = f.say(1, "true");
  BOOST_REQUIRE(later->value);
  BOOST_TEST(later->value->receipt == first->value->receipt);
  BOOST_TEST(f.store->read().message_count() == 2U);
  BOOST_TEST(f.tally.repeated == 2U);
}

BOOST_AUTO_TEST_CASE(one_sent_again_while_the_first_is_pending_waits_with_it) {
  key_fixture f;
  f.enroll();
  const auto first = f.hand_in(message_of(f.key, 1, f.identity));
  const auto again = f.hand_in(message_of(f.key, 1, f.identity));
  f.settle();
  BOOST_REQUIRE(first->value && again->value);
  BOOST_TEST(first->value->receipt == again->value->receipt);
  BOOST_TEST(f.store->read().message_count() == 1U);
}

BOOST_AUTO_TEST_CASE(a_sequence_that_was_used_or_passed_is_stale) {
  key_fixture f;
  f.enroll();
  BOOST_TEST(f.say(5)->value.has_value());
  check_refusal(*f.say(5, "\"other\""), refusal::stale_sequence);
  check_refusal(*f.say(3), refusal::stale_sequence);
  BOOST_TEST(f.say(6)->value.has_value());
  f.restart();
  check_refusal(*f.say(6, "\"other\""), refusal::stale_sequence);
  check_refusal(*f.say(4), refusal::stale_sequence);
  // Also against one that is pending.
  const auto ahead = f.hand_in(message_of(f.key, 9, f.identity));
  const auto behind = f.hand_in(message_of(f.key, 8, f.identity));
  const auto other = f.hand_in(message_of(f.key, 9, f.identity, "0"));
  f.settle();
  BOOST_TEST(ahead->value.has_value());
  check_refusal(*behind, refusal::stale_sequence);
  check_refusal(*other, refusal::stale_sequence);
  BOOST_TEST(f.store->read().message_count() == 3U);
  BOOST_TEST(f.refused(refusal::stale_sequence) == 6U);
}

BOOST_AUTO_TEST_CASE(messages_are_stored_in_the_order_of_their_arrival) {
  ledger_actor_fixture f({.block_size = 100, .validators = 3});
  std::vector<actors::client_session> clients;
  for (int i = 0; i < 20; ++i)
    clients.push_back(f.registered());
  std::vector<ledger_actor_fixture::submission> answers;
  for (auto& c : clients)
    answers.push_back(f.hand_in(c.seal("0", f.wall_ms)));
  f.settle();
  for (std::size_t i = 0; i < clients.size(); ++i)
    BOOST_TEST(clients[i].accept(answers[i]->value.value().receipt).index == i);
}

BOOST_AUTO_TEST_CASE(a_client_may_speak_right_behind_its_registration) {
  ledger_actor_fixture f;
  auto early = f.new_session();
  auto client = f.new_session();
  const auto too_early = f.hand_in(early.seal("0", f.wall_ms));
  const auto joined = f.hand_in(early.registration(f.wall_ms));
  const auto enrolled = f.hand_in(client.registration(f.wall_ms));
  const auto said = f.hand_in(client.seal("0", f.wall_ms));
  f.settle();
  check_refusal(*too_early, refusal::unknown_client);
  BOOST_TEST(joined->value.has_value());
  BOOST_REQUIRE(enrolled->value);
  BOOST_TEST(enrolled->value->registered == crypto::to_text(client.id()));
  BOOST_REQUIRE_MESSAGE(said->value, actors::sentence(said->fault));
  BOOST_TEST(client.accept(said->value->receipt).index == 0U);
}

BOOST_AUTO_TEST_CASE(registering_twice_is_the_same_as_once) {
  ledger_actor_fixture f;
  auto client = f.registered();
  BOOST_TEST(f.submit(client.registration(f.wall_ms))->value.has_value());
  f.restart();
  BOOST_TEST(f.submit(client.registration(f.wall_ms))->value.has_value());
  BOOST_TEST(f.store->read().client_count() == 1U);
  BOOST_TEST(f.submit(client.seal("0", 1))->value.has_value());
  // Both at once.
  auto other = f.new_session();
  const auto one = f.hand_in(other.registration(1));
  const auto two = f.hand_in(other.registration(2));
  f.settle();
  BOOST_TEST((one->value && two->value));
  BOOST_TEST(f.store->read().client_count() == 2U);
}

BOOST_AUTO_TEST_CASE(who_is_not_on_the_list_is_refused) {
  const auto friendly = new_client_key();
  ledger_actor_fixture f({.allowed = std::set{friendly.id()}});
  const auto keys = actors::read_node_keys(
      crypto::sign_node_keys(f.identity, 3, crypto::single_signatures), {},
      crypto::single_signatures);
  actors::client_session listed(friendly, keys, crypto::single_signatures);
  BOOST_TEST(f.submit(listed.registration(1))->value.has_value());
  BOOST_TEST(f.submit(listed.seal("0", 1))->value.has_value());
  auto stranger = f.new_session();
  check_refusal(*f.submit(stranger.registration(1)), refusal::not_allowed);
  check_refusal(*f.submit(stranger.seal("0", 1)), refusal::unknown_client);
  BOOST_TEST(f.store->read().client_count() == 1U);
}

BOOST_AUTO_TEST_CASE(
    a_client_over_its_limits_is_refused_until_they_begin_anew) {
  ledger_actor_fixture f({.limits = {.messages_a_second = 2}});
  auto client = f.registered(); // counts as a message
  const auto first = f.submit(client.seal("0", f.wall_ms));
  BOOST_REQUIRE(first->value);
  client.accept(first->value->receipt);
  const auto text = client.seal("0", f.wall_ms);
  check_refusal(*f.submit(text), refusal::over_limit);
  f.wall_ms += 1'000;
  BOOST_TEST(f.submit(text)->value.has_value());
  BOOST_TEST(f.refused(refusal::over_limit) == 1U);
}

BOOST_AUTO_TEST_CASE(a_client_has_its_bytes_for_a_day) {
  actors::client_usage usage({.bytes_a_day = 100});
  const auto one = new_client_key().id();
  const auto other = new_client_key().id();
  constexpr std::uint64_t day = 86'400'000;
  BOOST_TEST(usage.add(one, 60, day).empty());
  BOOST_TEST(!usage.add(one, 60, 2 * day - 1).empty());
  BOOST_TEST(usage.add(one, 40, 2 * day - 1).empty()); // a refused one is free
  BOOST_TEST(usage.add(other, 100, 2 * day - 1).empty());
  BOOST_TEST(usage.add(one, 100, 2 * day).empty());
}

BOOST_AUTO_TEST_CASE(a_nearly_full_disk_refuses_and_the_node_goes_on) {
  ledger_actor_fixture f({.disk_reserve = std::uint64_t{1} << 60});
  auto stranger = f.new_session();
  check_refusal(*f.submit(stranger.registration(1)), refusal::disk_full);
  BOOST_TEST(f.refused(refusal::disk_full) == 1U);
  f.options.disk_reserve = 1;
  f.restart(); // as when some space was freed
  BOOST_TEST(f.submit(stranger.registration(1))->value.has_value());
}

BOOST_AUTO_TEST_CASE(a_refused_message_leaves_nothing_but_a_count) {
  ledger_actor_fixture f;
  auto client = f.registered();
  check_refusal(*f.submit("garbage"), refusal::not_encrypted_to_me);
  check_refusal(*f.submit(""), refusal::not_encrypted_to_me);
  check_refusal(*f.submit(std::string(crypto::wire_size_max + 1, 'a')),
                refusal::too_large);
  client.seal("0", 1);
  check_refusal(*f.submit(client.memory().unconfirmed),
                refusal::not_encrypted_to_me);
  check_refusal(
      *f.submit(crypto::seal_jwe("{}", f.identity.encryption.public_half(),
                                 crypto::message_type)),
      refusal::not_signed);
  BOOST_TEST(f.refused(refusal::not_encrypted_to_me) == 3U);
  BOOST_TEST(f.refused(refusal::too_large) == 1U);
  BOOST_TEST(f.refused(refusal::not_signed) == 1U);
  BOOST_TEST(f.store->read().message_count() == 0U);
  BOOST_TEST(f.tally.accepted == 0U);
}

BOOST_AUTO_TEST_CASE(beyond_its_limit_the_node_is_busy_and_recovers) {
  ledger_actor_fixture f;
  std::vector<ledger_actor_fixture::submission> answers;
  for (std::size_t i = 0; i < actors::arrivals_max + 10; ++i)
    answers.push_back(f.hand_in("x"));
  // No validator runs before all requests are in: they were sent first.
  f.settle();
  std::size_t busy = 0;
  for (const auto& a : answers) {
    BOOST_TEST(!a->pending());
    busy += actors::refusal_of(a->fault) == refusal::busy ? 1U : 0U;
  }
  BOOST_TEST(busy > 0U);
  BOOST_TEST(f.refused(refusal::busy) == busy);
  auto client = f.registered();
  BOOST_TEST(f.submit(client.seal("0", 1))->value.has_value());
}

BOOST_AUTO_TEST_CASE(a_failed_commit_is_the_last_and_loses_nothing) {
  bool fails = false;
  ledger_actor_fixture f({.before_commit = [&] {
    if (fails)
      throw std::runtime_error("no space");
  }});
  auto client = f.registered();
  fails = true;
  const auto a = f.submit(client.seal("0", 1));
  BOOST_TEST(!a->value.has_value());
  check_fault(*a, actors::fault::commit_failed);
  BOOST_TEST(actors::sentence(a->fault).find("no space") != std::string::npos);
  fails = false;
  auto other = f.new_session();
  const auto later = f.submit(other.registration(f.wall_ms));
  check_fault(*later, actors::fault::commit_failed);
  BOOST_TEST(actors::sentence(later->fault).find("no space") !=
             std::string::npos);
  f.restart();
  BOOST_TEST(f.store->read().message_count() == 0U);
  const auto again = f.submit(client.seal_again());
  BOOST_REQUIRE(again->value);
  BOOST_TEST(client.accept(again->value->receipt).index == 0U);
}

BOOST_AUTO_TEST_CASE(a_stopped_node_answers_everybody_who_waits) {
  ledger_actor_fixture f;
  auto client = f.registered();
  const auto a = f.hand_in(client.seal("0", 1));
  f.step(3);
  caf::anon_send_exit(f.node, caf::exit_reason::user_shutdown);
  f.settle();
  BOOST_TEST(!a->pending());
}

BOOST_AUTO_TEST_CASE(a_validator_that_ends_is_the_end_of_taking_messages) {
  ledger_actor_fixture f({.validators = 1});
  auto client = f.registered();
  caf::anon_send_exit(f.validators[0], caf::exit_reason::kill);
  const auto a = f.submit(client.seal("0", 1));
  BOOST_TEST((a->fault == actors::fault::internal));
  const auto later = f.submit(client.seal_again());
  BOOST_TEST((later->fault == actors::fault::internal));
  const auto blocks =
      f.new_asker().ask<std::uint64_t>(f.node, actors::count_atom_v);
  f.run();
  BOOST_TEST(blocks->value.has_value()); // questions are still answered
}

BOOST_AUTO_TEST_CASE(times_never_go_back_with_the_clock) {
  ledger_actor_fixture f({.block_size = 1});
  auto client = f.registered();
  const auto time_of = [&](const ledger_actor_fixture::submission& a) {
    return client.accept(a->value.value().receipt).time_ms;
  };
  const auto first = time_of(f.submit(client.seal("0", 1)));
  f.wall_ms -= 3'600'000;
  BOOST_TEST(time_of(f.submit(client.seal("0", 1))) == first);
  f.restart();
  BOOST_TEST(time_of(f.submit(client.seal("0", 1))) == first);
  const auto view = f.store->read();
  for (std::uint64_t i = 1; i < 3; ++i)
    BOOST_TEST(actors::block_at(view, i)->header.time_ms >=
               actors::block_at(view, i - 1)->header.time_ms);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace chancery::tests
