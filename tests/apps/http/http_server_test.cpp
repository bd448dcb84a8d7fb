// SPDX-License-Identifier: Apache-2.0
#include "apps/http/http_client.hpp"
#include "apps/http/http_server.hpp"
#include "tests/apps/http/http_fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <future>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>

BOOST_AUTO_TEST_SUITE(http_server_test)

using namespace chancery;
using namespace std::chrono_literals;
using tests::comes_true;
using tests::raw_http;

struct running {
  explicit running(
      const apps::http_server_options& options = tests::patient_options())
      : server(options, told.handler()) {}

  tests::told_requests told;
  apps::http_server server;
};

std::string request(const std::string& start, const std::string& lines = "") {
  return start + " HTTP/1.1\r\nHost: h\r\n" + lines + "\r\n";
}

BOOST_AUTO_TEST_CASE(a_connection_is_kept_alive) {
  running one;
  raw_http client(one.server.port());
  for (const std::string target : {"/a", "/b?c=d", "/e"}) {
    client.send(request("GET " + target));
    const auto answer = client.answer().value();
    BOOST_TEST(answer.status == 200);
    BOOST_TEST(answer.body == "GET " + target + " ");
    BOOST_TEST(answer.field("Date").value().ends_with(" GMT"));
    BOOST_TEST(!answer.field("Connection"));
  }
  client.send(request("GET /f", "Connection: keep-alive, Close\r\n"));
  BOOST_TEST(client.answer().value().field("Connection").value() == "close");
  BOOST_TEST(client.is_closed());
  BOOST_TEST(one.server.counters().accepted == 1u);
}

BOOST_AUTO_TEST_CASE(pipelined_requests_are_answered_in_their_order) {
  running one;
  raw_http client(one.server.port());
  std::string octets;
  for (int i = 0; i < 50; ++i)
    octets +=
        request("POST /" + std::to_string(i), "Content-Length: 3\r\n") + "abc";
  client.send(octets + request("GET /late") + request("GET /last"));
  for (int i = 0; i < 50; ++i)
    BOOST_TEST(client.answer().value().body ==
               "POST /" + std::to_string(i) + " abc");
  BOOST_REQUIRE(comes_true([&] { return one.told.late() == 1; }));
  BOOST_TEST(!one.told.was_served("/last"));
  one.told.take_late().at(0)({200, {}, "late"});
  BOOST_TEST(client.answer().value().body == "late");
  BOOST_TEST(client.answer().value().body == "GET /last ");
}

BOOST_AUTO_TEST_CASE(who_sends_without_a_pause_leaves_others_a_turn) {
  auto options = tests::patient_options();
  options.threads = 1;
  running one(options);
  std::promise<void> both_wait;
  one.told.before = [until = both_wait.get_future().share()](const auto& text) {
    if (text == "/first")
      until.wait();
  };
  raw_http eager(one.server.port());
  raw_http modest(one.server.port());
  std::string octets = request("GET /first");
  for (int i = 0; i < 500; ++i)
    octets += request("GET /" + std::to_string(i));
  eager.send(octets);
  modest.send(request("GET /modest"));
  both_wait.set_value();
  BOOST_TEST(modest.answer().value().body == "GET /modest ");
  for (int i = 0; i <= 500; ++i)
    BOOST_REQUIRE(eager.answer());
  const auto served = one.told.served();
  const auto at = std::ranges::find(served, std::string("/modest"),
                                    &apps::http_request::text);
  BOOST_TEST(std::distance(served.begin(), at) < 100);
}

BOOST_AUTO_TEST_CASE(a_thread_that_does_not_answer_is_silent) {
  running one;
  BOOST_TEST((one.server.silence() == 0s));
  BOOST_TEST(comes_true([&] { return one.server.silence() == 0s; }));
  std::promise<void> goes_on;
  one.told.before = [until = goes_on.get_future().share()](const auto& text) {
    if (text == "/hangs")
      until.wait();
  };
  raw_http client(one.server.port());
  client.send(request("GET /hangs"));
  BOOST_TEST(comes_true([&] { return one.server.silence() > 20ms; }));
  goes_on.set_value();
  BOOST_TEST(client.answer().value().status == 200);
  BOOST_TEST(comes_true([&] { return one.server.silence() == 0s; }));
}

BOOST_AUTO_TEST_CASE(head_has_the_fields_of_get_and_no_body) {
  running one;
  raw_http client(one.server.port());
  client.send(request("HEAD /abc") + request("HEAD /no") + request("GET /a"));
  const auto found = client.answer(true).value();
  BOOST_TEST(found.status == 200);
  BOOST_TEST(found.field("Content-Length").value() == "10");
  BOOST_TEST(found.field("Content-Type").value() == "text/plain");
  const auto missing = client.answer(true).value();
  BOOST_TEST(missing.status == 404);
  BOOST_TEST(missing.field("Content-Length").value() == "2");
  BOOST_TEST(client.answer().value().body == "GET /a ");
}

BOOST_AUTO_TEST_CASE(an_answer_without_content_has_no_length) {
  running one;
  raw_http client(one.server.port());
  client.send(request("GET /empty") + request("GET /a"));
  const auto empty = client.answer().value();
  BOOST_TEST(empty.status == 204);
  BOOST_TEST(!empty.field("Content-Length"));
  BOOST_TEST(client.answer().value().body == "GET /a ");
}

BOOST_AUTO_TEST_CASE(answers_come_late_and_from_any_thread) {
  running one;
  std::vector<raw_http> clients;
  for (int i = 0; i < 20; ++i) {
    clients.emplace_back(one.server.port());
    clients.back().send(request("GET /late"));
  }
  BOOST_REQUIRE(comes_true([&] { return one.told.late() == 20; }));
  BOOST_TEST(one.server.counters().under_way == 20u);
  const auto late = one.told.take_late();
  std::vector<std::jthread> threads;
  for (std::size_t part = 0; part < 4; ++part)
    threads.emplace_back([&late, part] {
      for (auto i = part; i < late.size(); i += 4) {
        late[i]({200, {}, "first"});
        late[i]({200, {}, "second"}); // counts for nothing
      }
    });
  for (auto& client : clients) {
    BOOST_TEST(client.answer().value().body == "first");
    client.send(request("GET /a"));
    BOOST_TEST(client.answer().value().body == "GET /a ");
  }
  BOOST_TEST(one.server.counters().under_way == 0u);
}

BOOST_AUTO_TEST_CASE(a_handler_that_gives_no_answer_gives_500) {
  running one;
  raw_http client(one.server.port());
  client.send(request("GET /dropped") + request("GET /throws") +
              request("GET /split") + request("GET /throws/early"));
  for (int i = 0; i < 4; ++i) {
    const auto answer = client.answer().value();
    BOOST_TEST(answer.status == 500);
    BOOST_TEST(!answer.field("Set-Cookie"));
  }
  BOOST_TEST(one.server.counters().under_way == 0u);
}

BOOST_AUTO_TEST_CASE(a_responder_that_is_dropped_late_gives_500) {
  running one;
  raw_http client(one.server.port());
  client.send(request("GET /late"));
  BOOST_REQUIRE(comes_true([&] { return one.told.late() == 1; }));
  one.told.take_late().clear();
  const auto answer = client.answer().value();
  BOOST_TEST(answer.status == 500);
  BOOST_TEST(answer.field("Sound").value() == "yes");
}

BOOST_AUTO_TEST_CASE(an_answer_to_nobody_is_dropped) {
  running one;
  {
    raw_http client(one.server.port());
    client.send(request("GET /late"));
    BOOST_REQUIRE(comes_true([&] { return one.told.late() == 1; }));
    const linger at_once{1, 0}; // a reset
    ::setsockopt(client.get(), SOL_SOCKET, SO_LINGER, &at_once,
                 sizeof(at_once));
  }
  one.told.take_late().at(0)({200, {}, std::string(1 << 20, 'x')});
  BOOST_TEST(
      comes_true([&] { return one.server.counters().connections == 0; }));
  BOOST_TEST(one.server.counters().under_way == 0u);
}

BOOST_AUTO_TEST_CASE(who_closes_its_half_gets_its_answer) {
  running one;
  raw_http client(one.server.port());
  client.send(request("GET /late"));
  client.end_writing();
  BOOST_REQUIRE(comes_true([&] { return one.told.late() == 1; }));
  one.told.take_late().at(0)({200, {}, "late"});
  BOOST_TEST(client.answer().value().body == "late");
  BOOST_TEST(client.is_closed());
}

BOOST_AUTO_TEST_CASE(responders_outlive_the_server) {
  std::vector<apps::http_responder> late;
  {
    running one;
    raw_http client(one.server.port());
    client.send(request("GET /late"));
    BOOST_REQUIRE(comes_true([&] { return one.told.late() == 1; }));
    late = one.told.take_late();
  }
  late.at(0)({200, {}, "to nobody"});
  late.clear();
}

BOOST_AUTO_TEST_CASE(the_end_of_the_server_is_the_end_of_its_connections) {
  std::optional<running> one(std::in_place);
  raw_http resting(one->server.port());
  raw_http sending(one->server.port());
  sending.send("POST / HTTP/1.1\r\n");
  resting.send(request("GET /a"));
  BOOST_TEST(resting.answer().value().status == 200);
  one.reset();
  BOOST_TEST(resting.is_closed());
  BOOST_TEST(sending.is_closed());
}

BOOST_AUTO_TEST_CASE(a_drain_answers_what_is_under_way) {
  running one;
  raw_http resting(one.server.port());
  raw_http working(one.server.port());
  resting.send(request("GET /a"));
  BOOST_TEST(resting.answer().value().status == 200);
  working.send(request("GET /late") + request("GET /second"));
  BOOST_REQUIRE(comes_true([&] { return one.told.late() == 1; }));
  BOOST_TEST(!one.server.drain(1ms));
  BOOST_TEST(resting.is_closed());
  BOOST_CHECK_THROW(raw_http(one.server.port()), std::runtime_error);
  one.told.take_late().at(0)({200, {}, "late"});
  BOOST_TEST(one.server.drain(2min));
  const auto answer = working.answer().value();
  BOOST_TEST(answer.body == "late");
  BOOST_TEST(answer.field("Connection").value() == "close");
  BOOST_TEST(working.is_closed());
  BOOST_TEST(!one.told.was_served("/second"));
}

BOOST_AUTO_TEST_CASE(a_taken_port_and_another_hosts_address_are_errors) {
  running one;
  auto options = tests::patient_options();
  options.port = one.server.port();
  BOOST_CHECK_THROW(running{options}, std::runtime_error);
  options.port = 0;
  options.address = "192.0.2.1";
  BOOST_CHECK_THROW(running{options}, std::runtime_error);
  options.address = "localhost"; // not numeric
  BOOST_CHECK_THROW(running{options}, std::runtime_error);
}

BOOST_AUTO_TEST_CASE(the_client_opens_a_closed_connection_again) {
  auto options = tests::patient_options();
  options.limits.connections_max = 1;
  running one(options);
  apps::http_client client({.port = one.server.port()});
  BOOST_TEST(client.send("GET", "/a").body == "GET /a ");
  // Another connection takes its place, once it rests.
  std::uint64_t accepted = 1;
  BOOST_REQUIRE(comes_true([&] {
    const raw_http other(one.server.port());
    ++accepted;
    return comes_true(
               [&] { return one.server.counters().accepted == accepted; }) &&
           one.server.counters().closed.count("idle_gave_way") == 1;
  }));
  BOOST_REQUIRE(
      comes_true([&] { return one.server.counters().connections == 0; }));
  const auto second = client.send("POST", "/b", {{"A", "b"}}, "hello");
  BOOST_TEST(second.body == "POST /b hello");
  BOOST_TEST(client.send("HEAD", "/c").body.empty());
  BOOST_TEST(client.send("GET", "/huge").body.size() == 32u << 20);
  const auto host = one.told.served().at(1).fields.at(0);
  BOOST_TEST(host.value == "127.0.0.1:" + std::to_string(one.server.port()));
}

BOOST_AUTO_TEST_CASE(the_client_gives_up_in_time) {
  running one;
  apps::http_client client(
      {.port = one.server.port(), .patience = std::chrono::milliseconds(50)});
  BOOST_CHECK_THROW(client.send("GET", "/late"), std::runtime_error);
}

BOOST_AUTO_TEST_CASE(it_survives_having_no_file_descriptor_left) {
  running one;
  raw_http before(one.server.port());
  before.send(request("GET /a"));
  BOOST_TEST(before.answer().value().status == 200);
  rlimit all{};
  ::getrlimit(RLIMIT_NOFILE, &all);
  const int client = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int next = ::dup(client);
  ::close(next);
  {
    rlimit none = all;
    none.rlim_cur = static_cast<rlim_t>(next);
    ::setrlimit(RLIMIT_NOFILE, &none);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(one.server.port());
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    BOOST_TEST(::connect(client, reinterpret_cast<const sockaddr*>(&to),
                         sizeof(to)) == 0);
    BOOST_TEST(before.is_closed()); // it gives way
    ::setrlimit(RLIMIT_NOFILE, &all);
  }
  BOOST_TEST(
      comes_true([&] { return one.server.counters().connections == 1; }));
  ::close(client);
  raw_http after(one.server.port());
  after.send(request("GET /a"));
  BOOST_TEST(after.answer().value().status == 200);
}

BOOST_AUTO_TEST_SUITE_END()
