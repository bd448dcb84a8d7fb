// SPDX-License-Identifier: Apache-2.0
#include "actors/ledger/ledger_gateway.hpp"

#include "tests/actors/remote_fixture.hpp"

namespace chancery::tests {

BOOST_AUTO_TEST_SUITE(ledger_gateway_test)

namespace {

using actors::fault;
using crypto::refusal;

struct greeted_fixture : remote_fixture {
  explicit greeted_fixture(actors::forward_limits limits = {256, 1 << 20}) {
    gateway_limits = limits;
    open_gateway();
    const auto a = say_hello();
    run();
    BOOST_REQUIRE(a->value);
  }
  std::shared_ptr<answer<actors::ledger_welcome>> say_hello() {
    return ask_gateway<actors::ledger_welcome>(actors::hello_atom_v, greeting);
  }
  submission hand_over(const std::string& text) {
    return ask_gateway<actors::acknowledgement>(actors::submit_atom_v, text);
  }
};

} // namespace

BOOST_AUTO_TEST_CASE(nothing_is_answered_before_the_hello) {
  remote_fixture f;
  f.open_gateway();
  auto client = f.new_session();
  const auto message = f.ask_gateway<actors::acknowledgement>(
      actors::submit_atom_v, client.registration(f.wall_ms));
  const auto count = f.ask_gateway<std::uint64_t>(actors::count_atom_v);
  const auto keys = f.ask_gateway<std::string>(actors::keys_atom_v);
  f.settle();
  check_fault(*message, fault::refused);
  check_fault(*count, fault::refused);
  check_fault(*keys, fault::refused);
  BOOST_TEST(f.connected == 0U);
  BOOST_TEST(f.tally.registered == 0U);
}

BOOST_AUTO_TEST_CASE(a_hello_is_answered_with_the_nodes_id) {
  remote_fixture f;
  f.open_gateway();
  const auto a =
      f.ask_gateway<actors::ledger_welcome>(actors::hello_atom_v, f.greeting);
  f.run();
  BOOST_REQUIRE(a->value);
  BOOST_TEST(a->value->node == actors::bytes_of_id(f.identity.id()));
  BOOST_TEST(a->value->protocol == actors::protocol_version);
  BOOST_TEST(f.connected == 1U);
  f.cut();
  BOOST_TEST(f.connected == 0U);
}

BOOST_AUTO_TEST_CASE(another_protocol_is_refused_with_both_versions) {
  remote_fixture f;
  f.open_gateway();
  f.greeting.protocol = 77;
  const auto a =
      f.ask_gateway<actors::ledger_welcome>(actors::hello_atom_v, f.greeting);
  const auto count = f.ask_gateway<std::uint64_t>(actors::count_atom_v);
  f.run();
  check_fault(*a, fault::refused);
  const auto why = actors::sentence(a->fault);
  BOOST_TEST(why.find("77") != std::string::npos, why);
  BOOST_TEST(why.find("tester") != std::string::npos, why);
  BOOST_TEST(!count->value); // the connection has ended
  BOOST_TEST(f.log.size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_second_hello_is_refused) {
  greeted_fixture f;
  const auto a = f.say_hello();
  f.run();
  check_fault(*a, fault::refused);
  BOOST_TEST(f.connected == 0U); // and so it ends
}

BOOST_AUTO_TEST_CASE(a_hello_has_ten_seconds) {
  remote_fixture f;
  f.open_gateway();
  f.run();
  f.advance(std::chrono::milliseconds(9'999));
  BOOST_TEST(f.log.empty());
  f.advance(std::chrono::milliseconds(1));
  BOOST_REQUIRE(f.log.size() == 1U);
  BOOST_TEST(f.log[0] == "it did not complete its greeting in 10 s");
  f.open_gateway();
  f.ask_gateway<actors::ledger_welcome>(actors::hello_atom_v, f.greeting);
  f.run();
  f.advance(std::chrono::seconds(20));
  BOOST_TEST(f.log.size() == 1U);
  BOOST_TEST(f.connected == 1U);
}

BOOST_AUTO_TEST_CASE(a_message_of_no_protocol_ends_the_connection) {
  greeted_fixture f;
  caf::anon_send(caf::actor_cast<caf::actor>(f.gateway), f.greeting);
  f.run();
  BOOST_TEST(f.connected == 0U);
  BOOST_TEST(f.log.size() == 1U);
}

BOOST_AUTO_TEST_CASE(messages_and_questions_reach_the_node) {
  greeted_fixture f;
  auto client = f.new_session();
  const auto registered = f.hand_over(client.registration(f.wall_ms));
  f.settle();
  BOOST_REQUIRE_MESSAGE(registered->value, actors::sentence(registered->fault));
  for (int i = 0; i < 3; ++i) {
    const auto a = f.hand_over(client.seal("1", f.wall_ms));
    f.settle();
    BOOST_REQUIRE_MESSAGE(a->value, actors::sentence(a->fault));
    client.accept(a->value->receipt);
  }
  const auto count = f.ask_gateway<std::uint64_t>(actors::count_atom_v);
  const auto keys = f.ask_gateway<std::string>(actors::keys_atom_v);
  const auto head = f.ask_gateway<actors::block_answer>(actors::head_atom_v);
  const auto first = f.ask_gateway<actors::block_answer>(actors::block_atom_v,
                                                         std::uint64_t{0});
  const auto nobody = f.ask_gateway<actors::block_answer>(actors::block_atom_v,
                                                          std::string(32, 'x'));
  const auto message = f.ask_gateway<actors::message_answer>(
      actors::message_atom_v, std::uint64_t{2});
  const auto proof = f.ask_gateway<actors::proof_answer>(actors::proof_atom_v,
                                                         std::uint64_t{1});
  const auto before = f.ask_gateway<actors::block_answer>(
      actors::previous_atom_v, std::string(32, 'x'));
  f.run();
  BOOST_TEST(count->value.value() == 1U);
  BOOST_TEST((
      actors::read_node_keys(keys->value.value(), {}, crypto::single_signatures)
          .signing.id() == f.identity.id()));
  BOOST_TEST(head->value.value().found);
  BOOST_TEST(first->value.value().header == head->value->header);
  BOOST_TEST(!nobody->value.value().found);
  BOOST_TEST(message->value.value().sealed);
  BOOST_TEST(proof->value.value().leaf_index == 1U);
  BOOST_TEST(!before->value.value().found);
}

BOOST_AUTO_TEST_CASE(a_refusal_keeps_its_code_and_sentence) {
  greeted_fixture f;
  const auto a = f.hand_over("garbage");
  f.settle();
  check_refusal(*a, refusal::not_encrypted_to_me);
  BOOST_TEST(actors::sentence(a->fault) != "");
}

BOOST_AUTO_TEST_CASE(beyond_its_requests_a_connection_is_busy_and_recovers) {
  greeted_fixture f({2, 1 << 20});
  const auto first = f.hand_over("a");
  const auto second = f.hand_over("b");
  const auto third = f.hand_over("c");
  f.settle();
  check_refusal(*first, refusal::not_encrypted_to_me);
  check_refusal(*second, refusal::not_encrypted_to_me);
  check_refusal(*third, refusal::busy);
  const auto later = f.hand_over("d");
  f.settle();
  check_refusal(*later, refusal::not_encrypted_to_me);
}

BOOST_AUTO_TEST_CASE(beyond_its_bytes_a_connection_is_busy_and_recovers) {
  greeted_fixture f({256, 100});
  const auto first = f.hand_over(std::string(90, 'a'));
  const auto second = f.hand_over(std::string(90, 'b'));
  const auto huge = f.hand_over(std::string(200, 'c'));
  f.settle();
  check_refusal(*first, refusal::not_encrypted_to_me);
  check_refusal(*second, refusal::busy);
  check_refusal(*huge, refusal::busy);
  const auto later = f.hand_over(std::string(90, 'd'));
  f.settle();
  check_refusal(*later, refusal::not_encrypted_to_me);
}

BOOST_AUTO_TEST_CASE(a_node_that_ends_leaves_nobody_without_an_answer) {
  greeted_fixture f;
  auto client = f.new_session();
  const auto a = f.hand_over(client.registration(f.wall_ms));
  f.step(4); // the request has not been answered yet
  BOOST_TEST(a->pending());
  f.kill();
  BOOST_TEST(!a->pending());
  check_fault(*a, fault::closing);
  BOOST_TEST(f.connected == 0U); // the gateway has ended, too
}

BOOST_AUTO_TEST_CASE(a_gateway_that_is_ended_leaves_the_node_alone) {
  greeted_fixture f;
  const auto a = f.hand_over("garbage");
  f.step(2);
  caf::anon_send_exit(f.gateway, caf::exit_reason::kill);
  f.settle();
  auto client = f.registered();
  BOOST_TEST(f.submit(client.seal("0", 1))->value.has_value());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace chancery::tests
