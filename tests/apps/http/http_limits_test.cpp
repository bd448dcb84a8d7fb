// SPDX-License-Identifier: Apache-2.0
#include "apps/http/http_limits.hpp"
#include "tests/apps/http/http_fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <sys/resource.h>

BOOST_AUTO_TEST_SUITE(http_limits_test)

using namespace chancery;
using namespace std::chrono_literals;
using tests::comes_true;
using tests::raw_http;

/// A server with one limit changed; a test waits for what happens beyond it.
struct limited {
  template <class Change>
  explicit limited(Change change) {
    options.threads = 1; // so that connections rest in a known order
    change(options.limits);
    server.emplace(options, told.handler());
  }

  std::uint64_t closed(const std::string& reason) const {
    auto all = server->counters().closed;
    return all[reason];
  }
  bool become(std::uint64_t connections) const {
    return comes_true(
        [&] { return server->counters().connections == connections; });
  }
  raw_http connect() const { return raw_http(server->port()); }

  apps::http_server_options options = tests::patient_options();
  tests::told_requests told;
  std::optional<apps::http_server> server;
};

const std::string sound = "GET /a HTTP/1.1\r\nHost: h\r\n\r\n";

std::string post(const std::string& line, const std::string& body = "") {
  return "POST /a HTTP/1.1\r\nHost: h\r\n" + line + "\r\n\r\n" + body;
}

void check_statuses(raw_http& client, const std::vector<int>& expected) {
  BOOST_TEST(client.statuses() == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_slow_header_is_answered_408) {
  const limited one([](auto& limits) { limits.header = 50ms; });
  auto client = one.connect();
  client.send("GET / HTTP/1.1\r\nHo");
  check_statuses(client, {408});
}

BOOST_AUTO_TEST_CASE(an_octet_now_and_then_gives_a_header_no_more_time) {
  const limited one([](auto& limits) { limits.header = 200ms; });
  auto client = one.connect();
  client.send("GET / HTTP/1.1\r\nA: ");
  // As long as nobody answers; a server without a limit would take them all.
  std::atomic<bool> answered{false};
  std::jthread drip([&] {
    for (int i = 0; i < 10'000 && !answered; ++i) {
      client.send("a");
      std::this_thread::sleep_for(10ms);
    }
  });
  const auto answer = client.answer();
  answered = true;
  BOOST_TEST(answer.value().status == 408);
}

BOOST_AUTO_TEST_CASE(a_slow_body_is_answered_408) {
  const limited one([](auto& limits) { limits.body = 50ms; });
  auto client = one.connect();
  client.send(post("Content-Length: 5", "hell"));
  const auto answer = client.answer().value();
  BOOST_TEST(answer.status == 408);
  BOOST_TEST(answer.field("Sound").value() == "yes");
  auto chunked = one.connect();
  chunked.send(post("Transfer-Encoding: chunked", "5\r\nhell"));
  check_statuses(chunked, {408});
  auto expecting = one.connect();
  expecting.send(post("Expect: 100-continue\r\nContent-Length: 5"));
  check_statuses(expecting, {100, 408});
}

BOOST_AUTO_TEST_CASE(what_has_come_of_a_body_gives_it_more_time) {
  const limited one([](auto& limits) {
    limits.body = 2s;
    limits.body_for_64_kib = std::chrono::minutes(10);
  });
  auto client = one.connect();
  client.send(post("Content-Length: 65537", std::string(65'536, 'x')));
  std::this_thread::sleep_for(2'200ms);
  client.send("x");
  BOOST_TEST(client.answer().value().status == 200);
}

BOOST_AUTO_TEST_CASE(an_idle_connection_is_closed) {
  const limited one([](auto& limits) { limits.idle = 50ms; });
  auto fresh = one.connect();
  BOOST_TEST(fresh.is_closed());
  auto used = one.connect();
  // Again where this thread was too slow.
  BOOST_TEST(comes_true([&] {
    used = one.connect();
    used.send(sound);
    return used.answer().has_value();
  }));
  BOOST_TEST(used.is_closed());
}

BOOST_AUTO_TEST_CASE(a_reader_that_takes_nothing_is_closed) {
  const limited one([](auto& limits) { limits.progress = 100ms; });
  const raw_http client(one.server->port(), 4'096);
  client.send("GET /huge HTTP/1.1\r\nHost: h\r\n\r\n");
  BOOST_REQUIRE(comes_true([&] { return one.told.was_served("/huge"); }));
  BOOST_TEST(one.become(0));
}

BOOST_AUTO_TEST_CASE(answers_that_wait_for_their_readers_are_limited) {
  limited one([](auto& limits) {
    limits.answers_bytes_max = std::uint64_t{40} << 20; // /huge has 32 MiB
  });
  auto slow = raw_http(one.server->port(), 4'096);
  const std::string huge = "GET /huge HTTP/1.1\r\nHost: h\r\n\r\n";
  slow.send(huge);
  BOOST_REQUIRE(comes_true(
      [&] { return one.server->counters().answer_bytes == 32u << 20; }));
  auto refused = one.connect();
  refused.send(huge);
  BOOST_TEST(refused.answer().value().status == 503);
  auto small = one.connect();
  small.send("GET /a HTTP/1.1\r\nHost: h\r\n\r\n");
  BOOST_TEST(small.answer().value().status == 200);
  slow = one.connect(); // the former one closes
  BOOST_TEST(
      comes_true([&] { return one.server->counters().answer_bytes == 0; }));
  refused.send(huge);
  BOOST_TEST(refused.answer().value().status == 200);
}

BOOST_AUTO_TEST_CASE(a_refusal_may_be_held_back) {
  const limited one([](auto&) {});
  auto client = one.connect();
  const auto begin = std::chrono::steady_clock::now();
  client.send("GET /no/later HTTP/1.1\r\nHost: h\r\n\r\n"
              "GET /a HTTP/1.1\r\nHost: h\r\n\r\n");
  BOOST_TEST(client.answer().value().status == 404);
  BOOST_TEST((std::chrono::steady_clock::now() - begin >= 300ms));
  BOOST_TEST(client.answer().value().status == 200);
  const auto gone = one.connect();
  gone.send("GET /no/later HTTP/1.1\r\nHost: h\r\n\r\n");
}

BOOST_AUTO_TEST_CASE(whoever_sends_on_behind_a_refusal_reads_it_first) {
  const limited one([](auto&) {});
  auto client = one.connect();
  const std::string body(std::size_t{8} << 20, 'x');
  BOOST_TEST(client.send(
      post("Content-Length: " + std::to_string(body.size()), body)));
  check_statuses(client, {413});
  BOOST_TEST(!one.told.was_served("/a"));
}

BOOST_AUTO_TEST_CASE(whoever_sends_on_for_ever_is_closed) {
  const limited one([](auto& limits) { limits.linger_bytes_max = 1 << 20; });
  auto client = one.connect();
  client.send("BAD\r\n");
  const std::string piece(1 << 20, 'x');
  int pieces = 0;
  while (pieces < 1'000 && client.send(piece))
    ++pieces;
  BOOST_TEST(pieces < 1'000);
  const limited other([](auto& limits) { limits.linger = 50ms; });
  auto silent = other.connect();
  silent.send("BAD\r\n");
  BOOST_TEST(other.become(0));
}

BOOST_AUTO_TEST_CASE(a_body_over_the_routes_limit_is_refused_unread) {
  limited one([](auto& limits) { limits.chunked_body_max = 200; });
  one.told.body_max = 100;
  auto whole = one.connect();
  whole.send(post("Content-Length: 101"));
  check_statuses(whole, {413});
  auto chunked = one.connect();
  chunked.send(post("Transfer-Encoding: chunked", "65\r\n"));
  check_statuses(chunked, {413});
  auto two = one.connect();
  two.send(post("Transfer-Encoding: chunked",
                "64\r\n" + std::string(100, 'x') + "\r\n1\r\n"));
  check_statuses(two, {413});
  auto within = one.connect();
  within.send(post("Content-Length: 100", std::string(100, 'x')));
  BOOST_TEST(within.answer().value().status == 200);
  BOOST_TEST(one.told.served().size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_long_chunked_body_needs_a_length) {
  limited one([](auto& limits) { limits.chunked_body_max = 100; });
  one.told.body_max = 200;
  auto chunked = one.connect();
  chunked.send(post("Transfer-Encoding: chunked", "65\r\n"));
  check_statuses(chunked, {411});
  auto within = one.connect();
  within.send(post("Transfer-Encoding: chunked",
                   "64\r\n" + std::string(100, 'x') + "\r\n0\r\n\r\n"));
  BOOST_TEST(within.answer().value().status == 200);
  auto whole = one.connect();
  whole.send(post("Content-Length: 101", std::string(101, 'x')));
  BOOST_TEST(whole.answer().value().status == 200);
}

BOOST_AUTO_TEST_CASE(bodies_in_memory_are_limited_until_they_are_answered) {
  limited one([](auto& limits) { limits.bodies_bytes_max = 1'000; });
  auto first = one.connect();
  first.send("POST /late HTTP/1.1\r\nHost: h\r\nContent-Length: 600\r\n\r\n" +
             std::string(600, 'x'));
  BOOST_REQUIRE(comes_true([&] { return one.told.late() == 1; }));
  BOOST_TEST(one.server->counters().body_bytes == 600u);
  auto second = one.connect();
  second.send(post("Content-Length: 401"));
  check_statuses(second, {503});
  auto chunked = one.connect();
  chunked.send(post("Transfer-Encoding: chunked",
                    "c8\r\n" + std::string(200, 'x') + "\r\nc9\r\n"));
  check_statuses(chunked, {503});
  auto unfinished = one.connect();
  unfinished.send(post("Content-Length: 400", "x"));
  BOOST_TEST(
      comes_true([&] { return one.server->counters().body_bytes == 1'000; }));
  unfinished = raw_http(one.server->port()); // the former one closes
  BOOST_TEST(
      comes_true([&] { return one.server->counters().body_bytes == 600; }));
  one.told.take_late().clear();
  BOOST_TEST(first.answer().value().status == 500);
  BOOST_TEST(
      comes_true([&] { return one.server->counters().body_bytes == 0; }));
  unfinished.send(post("Content-Length: 1000", std::string(1'000, 'x')));
  BOOST_TEST(unfinished.answer().value().status == 200);
}

BOOST_AUTO_TEST_CASE(answers_owed_are_limited) {
  limited one([](auto& limits) { limits.under_way_max = 2; });
  auto first = one.connect();
  auto second = one.connect();
  first.send("GET /late HTTP/1.1\r\nHost: h\r\n\r\n");
  second.send("GET /late HTTP/1.1\r\nHost: h\r\n\r\n");
  BOOST_REQUIRE(comes_true([&] { return one.told.late() == 2; }));
  auto third = one.connect();
  third.send(sound);
  check_statuses(third, {503});
  one.told.take_late().clear();
  BOOST_TEST(first.answer().value().status == 500);
  auto fourth = one.connect();
  fourth.send(sound);
  BOOST_TEST(fourth.answer().value().status == 200);
}

BOOST_AUTO_TEST_CASE(the_longest_idle_connection_gives_way) {
  const limited one([](auto& limits) { limits.connections_max = 3; });
  std::vector<raw_http> clients;
  for (int i = 0; i < 3; ++i) {
    clients.push_back(one.connect());
    clients.back().send(sound);
    BOOST_TEST(clients.back().answer().value().status == 200);
  }
  clients[0].send(sound); // now the second rests longest
  BOOST_TEST(clients[0].answer().value().status == 200);
  auto fourth = one.connect();
  fourth.send(sound);
  BOOST_TEST(fourth.answer().value().status == 200);
  BOOST_TEST(clients[1].is_closed());
  clients[2].send(sound);
  BOOST_TEST(clients[2].answer().value().status == 200);
  BOOST_TEST(one.closed("idle_gave_way") == 1u);
}

BOOST_AUTO_TEST_CASE(where_none_is_idle_the_new_one_is_closed) {
  limited one([](auto& limits) { limits.connections_max = 2; });
  auto first = one.connect();
  auto second = one.connect();
  first.send("GET /late HTTP/1.1\r\nHost: h\r\n\r\n");
  second.send("GET /late HTTP/1.1\r\nHost: h\r\n\r\n");
  BOOST_REQUIRE(comes_true([&] { return one.told.late() == 2; }));
  auto third = one.connect();
  BOOST_TEST(third.is_closed());
  BOOST_TEST(one.closed("full") == 1u);
  one.told.take_late().clear();
  BOOST_TEST(first.answer().value().status == 500);
}

BOOST_AUTO_TEST_CASE(there_are_fewer_connections_than_descriptors) {
  rlimit all{};
  ::getrlimit(RLIMIT_NOFILE, &all);
  limited one([&](auto& limits) {
    limits.connections_max = all.rlim_cur + 10;
    limits.descriptors_left = all.rlim_cur - 2;
  });
  auto first = one.connect();
  auto second = one.connect();
  first.send(sound);
  BOOST_TEST(first.answer().value().status == 200);
  second.send(sound);
  BOOST_TEST(second.answer().value().status == 200);
  auto third = one.connect();
  third.send(sound);
  BOOST_TEST(third.answer().value().status == 200);
  BOOST_TEST(first.is_closed());
}

BOOST_AUTO_TEST_SUITE_END()
