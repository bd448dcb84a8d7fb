// SPDX-License-Identifier: Apache-2.0
#include "actors/ledger/node_link.hpp"

#include "actors/ledger/client.hpp"
#include "actors/ledger/client_load.hpp"
#include "tests/actors/remote_fixture.hpp"

namespace chancery::tests {

BOOST_AUTO_TEST_SUITE(node_link_test)

namespace {

using actors::link_state;
using crypto::refusal;

struct link_fixture : remote_fixture {
  submission hand_over(const std::string& text) {
    return ask_link<actors::acknowledgement>(actors::submit_atom_v, text);
  }
  std::shared_ptr<answer<std::uint64_t>> count() {
    return ask_link<std::uint64_t>(actors::count_atom_v);
  }
};

} // namespace

BOOST_AUTO_TEST_CASE(a_client_works_through_it_as_with_the_node) {
  link_fixture f;
  f.open_link(f.identity.id());
  BOOST_TEST(f.times_told(link_state::linked) == 1U);
  auto client = f.new_session();
  const auto registered = f.hand_over(client.registration(f.wall_ms));
  f.settle();
  BOOST_REQUIRE(registered->value);
  const auto a = f.hand_over(client.seal("1", f.wall_ms));
  f.settle();
  BOOST_REQUIRE(a->value);
  BOOST_TEST(client.accept(a->value->receipt).index == 0U);
  const auto bad = f.hand_over("garbage");
  f.settle();
  check_refusal(*bad, refusal::not_encrypted_to_me);
}

BOOST_AUTO_TEST_CASE(without_a_connection_it_is_busy) {
  link_fixture f;
  f.refuse_to_connect();
  f.open_link();
  const auto a = f.hand_over("x");
  const auto b = f.count();
  f.run();
  check_refusal(*a, refusal::busy);
  check_refusal(*b, refusal::busy);
  BOOST_REQUIRE(f.told.size() == 1U);
  BOOST_TEST((f.told[0].first == link_state::lost));
  BOOST_TEST(f.told[0].second == "nobody listens");
}

BOOST_AUTO_TEST_CASE(a_lost_link_answers_what_is_under_way_at_once) {
  link_fixture f;
  f.open_link();
  auto client = f.new_session();
  const auto a = f.hand_over(client.registration(f.wall_ms));
  f.step(4);
  BOOST_TEST(a->pending());
  f.refuse_to_connect();
  f.cut(); // and no time passes
  check_refusal(*a, refusal::busy);
  BOOST_TEST(f.times_told(link_state::lost) == 1U);
}

BOOST_AUTO_TEST_CASE(a_node_that_ends_is_busy_for_its_clients) {
  link_fixture f;
  f.open_link();
  auto client = f.new_session();
  const auto a = f.hand_over(client.registration(f.wall_ms));
  f.step(6);
  f.refuse_to_connect();
  f.kill();
  check_refusal(*a, refusal::busy);
}

BOOST_AUTO_TEST_CASE(it_says_once_that_it_is_lost_and_once_that_it_is_back) {
  link_fixture f;
  f.open_link();
  f.refuse_to_connect();
  f.cut();
  for (int i = 0; i < 100; ++i)
    f.advance(1s);
  BOOST_TEST(f.plan->dials > 10U);
  BOOST_TEST(f.times_told(link_state::lost) == 1U);
  f.connect_again();
  f.advance(5s);
  BOOST_TEST(f.times_told(link_state::linked) == 2U);
  BOOST_TEST(f.told.size() == 3U);
  const auto a = f.count();
  f.run();
  BOOST_TEST(a->value.has_value());
}

BOOST_AUTO_TEST_CASE(it_waits_twice_as_long_each_time_and_shorter_by_chance) {
  for (const auto chance : {std::byte{0}, std::byte{0xff}}) {
    link_fixture f;
    f.chance = chance;
    f.refuse_to_connect();
    f.open_link();
    for (const long full : {100, 200, 400, 800, 1600, 3200, 5000, 5000}) {
      const auto half = std::chrono::milliseconds(full / 2);
      const auto before = f.plan->dials;
      f.advance(half - 1ms);
      BOOST_TEST(f.plan->dials == before);
      f.advance(half + 1ms);
      BOOST_TEST(f.plan->dials == before + 1);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_connection_that_held_makes_the_waits_short_again) {
  link_fixture f;
  f.refuse_to_connect();
  f.open_link();
  for (int i = 0; i < 20; ++i)
    f.advance(5s);
  f.connect_again();
  f.advance(5s);
  BOOST_REQUIRE(f.times_told(link_state::linked) == 1U);
  f.cut();
  f.advance(100ms);
  BOOST_TEST(f.times_told(link_state::linked) == 2U);
}

BOOST_AUTO_TEST_CASE(a_peer_that_never_answers_the_hello_is_dialled_again) {
  link_fixture f;
  const auto silent =
      f.system.spawn([](caf::event_based_actor* self) -> caf::behavior {
        return {[self](actors::hello_atom, const actors::hello&) {
          return self->make_response_promise<actors::ledger_welcome>();
        }};
      });
  f.plan->answer = [&]() -> caf::result<actors::dialled> {
    return actors::dialled{caf::actor_cast<caf::strong_actor_ptr>(silent), {}};
  };
  f.open_link();
  f.advance(10s);
  f.connect_again();
  f.advance(1s);
  BOOST_TEST(f.plan->dials == 2U);
  BOOST_TEST(f.times_told(link_state::linked) == 1U);
  caf::anon_send_exit(silent, caf::exit_reason::kill);
}

BOOST_AUTO_TEST_CASE(a_node_with_another_protocol_is_the_end) {
  link_fixture f;
  f.greeting.protocol = 9;
  f.open_link();
  BOOST_REQUIRE(f.times_told(link_state::ended) == 1U);
  BOOST_TEST(f.told.back().second.find("version") != std::string::npos);
  f.advance(60s);
  BOOST_TEST(f.plan->dials == 1U);
  const auto a = f.count();
  f.run();
  check_fault(*a, actors::fault::refused);
  BOOST_TEST(actors::sentence(a->fault) == f.told.back().second);
}

BOOST_AUTO_TEST_CASE(a_welcome_of_another_protocol_is_the_end) {
  link_fixture f;
  f.gateway_protocol = 9;
  f.open_link();
  BOOST_TEST(f.times_told(link_state::ended) == 1U);
}

BOOST_AUTO_TEST_CASE(an_id_of_another_length_is_the_end) {
  const std::string id(32, 'i');
  BOOST_TEST((actors::bytes_of_id(actors::id_of_bytes(id).value()) == id));
  for (const std::size_t size : {0U, 1U, 31U, 33U, 64U}) {
    const std::string wrong(size, 'i');
    BOOST_TEST(!actors::id_of_bytes(wrong));
    link_fixture f;
    const auto stranger =
        f.system.spawn([wrong](caf::event_based_actor*) -> caf::behavior {
          return {[wrong](actors::hello_atom, const actors::hello& greeting) {
            actors::ledger_welcome welcome;
            welcome.protocol = greeting.protocol;
            welcome.node = wrong;
            return welcome;
          }};
        });
    f.plan->answer = [&]() -> caf::result<actors::dialled> {
      return actors::dialled{caf::actor_cast<caf::strong_actor_ptr>(stranger),
                             {}};
    };
    f.open_link();
    BOOST_REQUIRE(f.times_told(link_state::ended) == 1U);
    BOOST_TEST(f.told.back().second ==
               "the node answered with an id that does not have 32 bytes");
    caf::anon_send_exit(stranger, caf::exit_reason::kill);
  }
}

BOOST_AUTO_TEST_CASE(another_node_than_the_pinned_one_is_the_end) {
  link_fixture f;
  auto other = f.identity.id();
  other[0] = static_cast<std::uint8_t>(other[0] + 1);
  f.open_link(other);
  BOOST_REQUIRE(f.times_told(link_state::ended) == 1U);
  BOOST_TEST(f.told.back().second.find(crypto::to_text(other)) !=
             std::string::npos);
}

BOOST_AUTO_TEST_CASE(another_node_than_the_first_one_is_the_end) {
  link_fixture f;
  f.open_link();
  BOOST_TEST(f.times_told(link_state::linked) == 1U);
  f.gateway_node[0] = static_cast<std::uint8_t>(f.gateway_node[0] + 1);
  f.cut();
  f.advance(1s);
  BOOST_TEST(f.times_told(link_state::ended) == 1U);
}

BOOST_AUTO_TEST_CASE(more_than_the_gateway_takes_waits_its_turn_here) {
  link_fixture f;
  f.open_link();
  std::vector<link_fixture::submission> answers;
  for (int i = 0; i < 600; ++i)
    answers.push_back(f.hand_over("x"));
  f.settle();
  for (const auto& a : answers)
    check_refusal(*a, refusal::not_encrypted_to_me);
}

BOOST_AUTO_TEST_CASE(more_than_may_wait_is_busy) {
  link_fixture f;
  f.link_waiting = {10, 1 << 20};
  f.open_link();
  std::vector<link_fixture::submission> answers;
  for (int i = 0; i < 300; ++i)
    answers.push_back(f.hand_over("x"));
  f.settle();
  std::size_t busy = 0;
  for (const auto& a : answers) {
    BOOST_TEST(!a->pending());
    busy += actors::refusal_of(a->fault) == refusal::busy ? 1U : 0U;
  }
  BOOST_TEST(busy == 300U - 256U - 10U);
}

BOOST_AUTO_TEST_CASE(clients_finish_although_link_and_node_come_and_go) {
  link_fixture f;
  f.open_link();
  actors::ledger_progress progress;
  actors::client_config config;
  config.session = std::make_shared<actors::client_session>(f.new_session());
  config.messages = 50;
  config.interval = 10ms;
  config.wall_clock_ms = [&] { return f.wall_ms; };
  config.progress = &progress;
  const auto client =
      f.system.spawn(actors::client, config, actors::node_actor(f.link));
  const auto report =
      f.new_asker().ask<actors::client_report>(client, actors::run_atom_v);
  for (int i = 0; i < 400 && report->pending(); ++i) {
    f.advance(10ms);
    if (i % 37 == 36)
      f.cut();
    if (i % 101 == 100)
      f.restart();
  }
  BOOST_REQUIRE(report->value);
  BOOST_TEST(report->value->failure == "");
  BOOST_TEST(report->value->accepted == 50U);
  BOOST_TEST(f.store->read().message_count() == 50U);
}

BOOST_AUTO_TEST_CASE(a_client_told_twice_to_end_waits_for_no_answer) {
  link_fixture f;
  f.open_link();
  actors::ledger_progress progress;
  actors::client_config config;
  config.session = std::make_shared<actors::client_session>(f.new_session());
  config.messages = 50;
  config.wall_clock_ms = [&] { return f.wall_ms; };
  config.progress = &progress;
  const auto client =
      f.system.spawn(actors::client, config, actors::node_actor(f.link));
  const auto report =
      f.new_asker().ask<actors::client_report>(client, actors::run_atom_v);
  while (progress.sent == 0) {
    f.step(1);
    if (progress.sent == 0 && !f.step(1))
      f.advance(20ms);
  }
  f.refuse_to_connect();
  f.cut();
  caf::anon_send(client, actors::drain_atom_v);
  f.advance(30s);
  BOOST_TEST(report->pending());
  caf::anon_send(client, actors::drain_atom_v);
  f.run();
  BOOST_REQUIRE(report->value);
  BOOST_TEST(report->value->sent == report->value->accepted + 1);
}

BOOST_AUTO_TEST_CASE(its_own_end_leaves_nobody_without_an_answer) {
  link_fixture f;
  f.open_link();
  auto client = f.new_session();
  const auto a = f.hand_over(client.registration(f.wall_ms));
  f.step(4);
  caf::anon_send_exit(f.link, caf::exit_reason::user_shutdown);
  f.run();
  BOOST_TEST(!a->pending());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace chancery::tests
