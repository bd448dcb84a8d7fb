// SPDX-License-Identifier: Apache-2.0
#include "actors/transport/frame_check.hpp"

#include "crypto/base/bytes.hpp"
#include "tests/actors/transport/frames.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(frame_check_suite)

using namespace chancery::actors;
using namespace chancery::tests;

namespace {

using verdict = frame_check::verdict;

constexpr std::uint64_t gateway = 6;
const type_names allowed{"@atom", "@str", "chancery::actors::hello"};

frame_rules rules(link_side side) {
  frame_rules r;
  r.side = side;
  r.self = node_id('S');
  r.gateway = gateway;
  r.message_types = &allowed;
  return r;
}

verdict judge_bytes(frame_check& check, const std::string& bytes) {
  return check.judge(chancery::crypto::bytes_of(bytes)).what;
}

/// A link after its handshake.
struct greeted {
  frame_check check;

  explicit greeted(link_side side = link_side::listening) : check(rules(side)) {
    const auto first = side == link_side::listening ? client_handshake('P')
                                                    : server_handshake('P');
    BOOST_TEST_REQUIRE((judge(first) == verdict::pass), check.why());
  }

  verdict judge(const frame& f) { return judge_bytes(check, f.bytes()); }
  const std::string& why() const { return check.why(); }
};

void refused(const frame& f, std::string_view why,
             link_side side = link_side::listening) {
  greeted link(side);
  BOOST_TEST((link.judge(on(side, f)) == verdict::refuse));
  BOOST_TEST(link.why() == why);
}

void passed(const frame& f, link_side side = link_side::listening) {
  greeted link(side);
  BOOST_TEST((link.judge(on(side, f)) == verdict::pass), link.why());
}

void dropped(const frame& f, link_side side = link_side::listening) {
  greeted link(side);
  BOOST_TEST((link.judge(on(side, f)) == verdict::drop), link.why());
}

const auto both_sides = {link_side::listening, link_side::dialling};

constexpr auto other_actor = "a message to an actor that is not the gateway";
constexpr auto bad_handshake = "a malformed handshake";
constexpr auto bad_end = "a malformed notice of an actor's end";

} // namespace

BOOST_AUTO_TEST_CASE(a_handshake_tells_the_peers_node) {
  BOOST_TEST((greeted().check.peer() == node_id('P')));
  BOOST_TEST((greeted(link_side::dialling).check.peer() == node_id('P')));
}

BOOST_AUTO_TEST_CASE(nothing_comes_before_the_handshake) {
  for (const auto& f : {heartbeat(), direct(gateway, "@<>+@str", "\1x"),
                        monitor(gateway, 'P', 'S'), server_handshake('P')}) {
    frame_check check(rules(link_side::listening));
    BOOST_TEST((judge_bytes(check, f.bytes()) == verdict::refuse));
  }
  frame_check dialling(rules(link_side::dialling));
  BOOST_TEST((judge_bytes(dialling, client_handshake('P').bytes()) ==
              verdict::refuse));
}

BOOST_AUTO_TEST_CASE(a_clients_handshake_may_be_repeated_and_is_dropped) {
  auto repeated = client_handshake('P');
  dropped(repeated);
  repeated.flags = 2;
  dropped(repeated);
  refused(client_handshake('Q'), "a handshake for another node");
  refused(server_handshake('P'), "a second handshake", link_side::dialling);
}

BOOST_AUTO_TEST_CASE(a_handshake_without_a_payload_is_refused) {
  for (const auto side : both_sides) {
    frame_check check(rules(side));
    const frame f{.operation =
                      static_cast<std::uint8_t>(side == link_side::listening),
                  .data = side == link_side::listening ? 0u : 3u};
    BOOST_TEST((judge_bytes(check, f.bytes()) == verdict::refuse));
    BOOST_TEST(check.why() == bad_handshake);
  }
}

BOOST_AUTO_TEST_CASE(a_node_id_is_that_of_another_node) {
  auto none = client_handshake('P');
  none.payload.assign(32, '\0');
  auto uri = client_handshake('P');
  uri.payload[7] = 'u';
  auto no_process = client_handshake('P');
  no_process.payload.replace(8, 4, 4, '\0');
  for (const auto& f : {none, uri, no_process, client_handshake('S')}) {
    frame_check check(rules(link_side::listening));
    BOOST_TEST((judge_bytes(check, f.bytes()) == verdict::refuse));
    BOOST_TEST(check.why() == "a node id that is invalid or our own");
  }
}

BOOST_AUTO_TEST_CASE(a_server_of_another_version_is_refused) {
  auto f = server_handshake('P');
  f.data = 4;
  frame_check check(rules(link_side::dialling));
  BOOST_TEST((judge_bytes(check, f.bytes()) == verdict::refuse));
  BOOST_TEST(check.why() == "another version of CAF's protocol");
}

BOOST_AUTO_TEST_CASE(a_servers_handshake_is_read_to_its_end) {
  auto longer = server_handshake('P');
  longer.payload += 'x';
  auto shorter = server_handshake('P');
  shorter.payload.pop_back();
  auto many = server_handshake('P');
  many.payload.replace(32, 1, "\xff\xff\xff\xff\x0f");
  auto no_actor = server_handshake('P');
  no_actor.payload.replace(49, 8, 8, '\0');
  for (const auto& f : {longer, shorter, many, no_actor}) {
    frame_check check(rules(link_side::dialling));
    BOOST_TEST((judge_bytes(check, f.bytes()) == verdict::refuse));
    BOOST_TEST(check.why() == bad_handshake);
  }
}

BOOST_AUTO_TEST_CASE(messages_of_listed_types_pass) {
  passed(direct(gateway, "@<>+@atom+chancery::actors::hello", "12345678..."));
  passed(direct(gateway, "@<>", ""));
  passed(direct(99, "@<>+@str", "\1x"), link_side::dialling);
}

BOOST_AUTO_TEST_CASE(a_type_that_is_not_listed_is_refused) {
  for (const auto* type : {"@exit", "@message", "@strong_actor_ptr", "@down",
                           "@charbuf", "hello", ""})
    refused(direct(gateway, std::string("@<>+@atom+") + type, "x"),
            "a message with the type '" + std::string(type) + "'");
  refused(direct(gateway, "@<>+@str+", "x"), "a message with the type ''");
  refused(direct(gateway, "@str", "x"), "a malformed message");
  refused(direct(gateway, "", "x"), "a malformed message");
  refused(direct(gateway, "@<>+\n%'", "x"), "a message with the type '?%''");
}

BOOST_AUTO_TEST_CASE(a_peer_may_address_its_gateway_alone) {
  refused(direct(7, "@<>+@str", "\1x"), other_actor);
  refused(direct(0, "@<>+@str", "\1x"), other_actor);
  refused(direct(0, "@<>+@str", "\1x"), other_actor, link_side::dialling);
  refused(monitor(7, 'P', 'S'),
          "a request to monitor an actor that is not the gateway");
  passed(monitor(gateway, 'P', 'S'));
  passed(monitor(7, 'P', 'S'), link_side::dialling);
}

BOOST_AUTO_TEST_CASE(what_cafs_nodes_say_to_each_others_servers_is_dropped) {
  for (const auto side : both_sides) {
    auto greeting = direct(spawn_server, "@<>+@atom+@atom+@str", "...");
    greeting.flags = 1;
    dropped(greeting, side);
    auto other = direct(config_server, "@<>+@atom+@str", "...");
    other.flags = 1;
    refused(other, "a message to an actor by name", side);
  }
}

BOOST_AUTO_TEST_CASE(streams_stacks_routes_and_flags_are_refused) {
  for (const auto side : both_sides) {
    auto stream = direct(gateway, "@<>+@str", "\1x");
    stream.data |= std::uint64_t{1} << 61;
    refused(stream, "a message of a stream", side);
    auto stack = direct(gateway, "@<>+@str", "\1x");
    stack.payload[0] = 1;
    refused(stack, "a message with a forwarding stack", side);
    auto numbered = direct(gateway, "@<>+@str", "\1x");
    numbered.payload[2] = 1;
    refused(numbered, "a malformed message", side);
    for (const std::uint8_t operation : {'\3', '\7', '\x7f'})
      refused({.operation = operation, .payload = node('P')},
              "a frame of a kind that is not allowed", side);
    auto flagged = heartbeat();
    flagged.flags = 1;
    refused(flagged, "a frame with unknown flags", side);
    flagged = direct(gateway, "@<>+@str", "\1x");
    flagged.flags = 2;
    refused(flagged, "a frame with unknown flags", side);
    flagged = heartbeat();
    flagged.padding = 1;
    refused(flagged, "a frame with unknown flags", side);
  }
}

BOOST_AUTO_TEST_CASE(a_frame_over_the_limit_is_refused_by_its_header) {
  for (const std::size_t length :
       {client_payload_max + 1, std::size_t{0xffffffff}}) {
    greeted link;
    const auto bytes = direct(gateway, "", "").bytes_with_length(length);
    BOOST_TEST((judge_bytes(link.check, bytes) == verdict::refuse));
    BOOST_TEST(link.why() == "a frame of over 256 KiB");
  }
}

BOOST_AUTO_TEST_CASE(a_link_pays_for_its_longest_frame) {
  const std::string names(1'010, '\0'); // enough to be judged
  const auto header_of = [&](std::size_t length) {
    return direct(gateway, "@<>+@str", names).bytes_with_length(length);
  };
  frame_memory memory(300'000);
  {
    auto r = rules(link_side::listening);
    r.memory = &memory;
    frame_check first(r);
    judge_bytes(first, client_handshake('P').bytes());
    BOOST_TEST((judge_bytes(first, header_of(200'000)) == verdict::pass));
    BOOST_TEST(memory.left() == 100'000u);
    frame_check second(r);
    judge_bytes(second, client_handshake('Q').bytes());
    BOOST_TEST((judge_bytes(second, header_of(90'000)) == verdict::pass));
    frame_check third(r);
    judge_bytes(third, client_handshake('R').bytes());
    BOOST_TEST((judge_bytes(third, header_of(20'000)) == verdict::refuse));
    BOOST_TEST(third.why().find("no room") != std::string::npos);
  }
  BOOST_TEST(memory.left() == 300'000u);
}

BOOST_AUTO_TEST_CASE(the_listening_side_gets_questions_and_the_other_answers) {
  auto answer = direct(gateway, "@<>+@str", "\1x");
  answer.data |= answer_bit;
  refused(answer, "an answer, and nobody asked");
  greeted dialling(link_side::dialling);
  BOOST_TEST((dialling.judge(direct(9, "@<>+@str", "\1x")) == verdict::refuse));
  BOOST_TEST(dialling.why() == "a question, where only answers may come");
}

BOOST_AUTO_TEST_CASE(a_refusal_is_read_before_the_handshake_alone) {
  const auto bytes = refusal_frame("there are 16\x1b[2J links");
  frame_check dialling(rules(link_side::dialling));
  BOOST_TEST((judge_bytes(dialling, bytes.substr(0, bytes.size() - 1)) ==
              verdict::wait));
  BOOST_TEST((judge_bytes(dialling, bytes) == verdict::refuse));
  BOOST_TEST(dialling.not_let_in());
  BOOST_TEST(dialling.why() == "there are 16?[2J links");
  frame_check listening(rules(link_side::listening));
  BOOST_TEST((judge_bytes(listening, bytes) == verdict::refuse));
  BOOST_TEST(listening.why() == "a first frame that is not a handshake");
  greeted later(link_side::dialling);
  BOOST_TEST((judge_bytes(later.check, bytes) == verdict::refuse));
  BOOST_TEST(later.why() == "a frame of a kind that is not allowed");
  auto endless = bytes;
  endless[5] = 1;
  frame_check other(rules(link_side::dialling));
  BOOST_TEST((judge_bytes(other, endless) == verdict::refuse));
  BOOST_TEST(other.why() == "a refusal that is too long");
}

BOOST_AUTO_TEST_CASE(a_refusal_without_a_reason_is_said_to_have_none) {
  frame_check dialling(rules(link_side::dialling));
  BOOST_TEST((judge_bytes(dialling, refusal_frame("")) == verdict::refuse));
  BOOST_TEST(dialling.not_let_in());
  BOOST_TEST(dialling.why() == "it gives no reason");
}

BOOST_AUTO_TEST_CASE(heartbeats_are_empty) {
  passed(heartbeat());
  refused({.operation = 6, .payload = "x"}, "a heartbeat that is not empty");
  refused({.operation = 6, .source = 1}, "a heartbeat that is not empty");
}

BOOST_AUTO_TEST_CASE(monitor_and_down_name_the_peer_and_us) {
  const auto why = "a frame for other nodes";
  const auto error = error_of("@<>", "");
  for (const auto side : both_sides) {
    passed(down(9, 'P', 'S', error), side);
    refused(down(9, 'P', 'X', error), why, side);
    refused(down(9, 'X', 'S', error), why, side);
    refused(monitor(gateway, 'X', 'S'), why, side);
    refused(monitor(gateway, 'P', 'X'), why, side);
    refused(down(0, 'P', 'S', error), bad_end, side);
    refused(down(9, 'P', 'S', ""), bad_end, side);
  }
}

BOOST_AUTO_TEST_CASE(errors_carry_plain_values_only) {
  const auto nested = "an error with more than plain values";
  const auto answer = [](const std::string& error) {
    return direct(gateway, "@<>+@error", error);
  };
  for (const auto side : both_sides) {
    passed(answer(error_of("@<>", "")), side);
    passed(answer(error_of("@<>+@str+@u8", "\6no way\1")), side);
    refused(answer(error_of("@<>+@error", "x")), nested, side);
    refused(answer(error_of("@<>+@message", "x")), nested, side);
    refused(answer(error_of("@<>+chancery::actors::hello", "x")), nested, side);
    refused(answer(""), nested, side);
    refused(down(9, 'P', 'S', error_of("@<>+@str+@error", "x")), bad_end, side);
    refused(direct(gateway, "@<>+@error+@error", "x"),
            "a message with the type '@error'", side);
  }
}

BOOST_AUTO_TEST_CASE(a_frame_in_pieces_is_judged_as_one_in_whole) {
  const std::string stream =
      client_handshake('P').bytes() + client_handshake('P').bytes() +
      direct(gateway, "@<>+@str", std::string(40'000, 'x')).bytes() +
      heartbeat().bytes() +
      direct(gateway, "@<>+@error", error_of("@<>", "")).bytes() +
      direct(gateway, "@<>+@exit", "x").bytes();
  const auto refused_from =
      stream.size() - direct(gateway, "@<>+@exit", "x").bytes().size();
  for (const std::size_t piece : {1, 7, 31, 33, 4'096, 100'000}) {
    frame_check check(rules(link_side::listening));
    std::string waiting;
    std::size_t given = 0;
    std::size_t taken = 0;
    for (auto what = verdict::wait; what != verdict::refuse;) {
      const auto j = check.judge(chancery::crypto::bytes_of(waiting));
      what = j.what;
      taken += j.bytes;
      waiting.erase(0, j.bytes);
      if (what != verdict::wait)
        continue;
      BOOST_TEST_REQUIRE(given < stream.size());
      waiting += stream.substr(given, piece);
      given += piece;
    }
    BOOST_TEST(taken == refused_from);
    BOOST_TEST(check.why() == "a message with the type '@exit'");
  }
}

BOOST_AUTO_TEST_CASE(it_never_waits_for_more_than_it_says) {
  const std::size_t enough = frame_check::header_size + frame_check::judged_max;
  for (int operation = 0; operation < 8; ++operation)
    for (const auto length : {enough, enough + 1, client_payload_max}) {
      for (const auto side : both_sides) {
        frame f = direct(gateway, "@<>+@error", std::string(enough, 'x'));
        f.operation = static_cast<std::uint8_t>(operation);
        auto bytes = f.bytes_with_length(length);
        bytes.resize(enough);
        greeted link(side);
        BOOST_TEST((judge_bytes(link.check, bytes) != verdict::wait));
      }
    }
}

BOOST_AUTO_TEST_SUITE_END()
