// SPDX-License-Identifier: Apache-2.0
#include "actors/transport/connector.hpp"

#include "tests/actors/transport/fixture.hpp"

#include <caf/event_based_actor.hpp>

#include <boost/test/unit_test.hpp>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <set>
#include <stdexcept>
#include <string>

BOOST_AUTO_TEST_SUITE(connector_suite)

using namespace chancery;
using namespace chancery::tests;

namespace {

bool has(const std::string& text, const std::string& words) {
  return text.find(words) != std::string::npos;
}

/// The error of a worker that dials this coordinator.
std::string refusal(const cluster& c, std::uint16_t port,
                    const worker_host::change& adapt = {}) {
  worker_host worker(c, port, adapt);
  BOOST_TEST(!worker.dial());
  return worker.why;
}

/// A listening port at which nobody accepts.
class silent_port {
 public:
  silent_port() : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    address_.sin_family = AF_INET;
    address_.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    auto* const address = reinterpret_cast<sockaddr*>(&address_);
    socklen_t size = sizeof(address_);
    BOOST_TEST_REQUIRE(::bind(fd_, address, size) == 0);
    BOOST_TEST_REQUIRE(::listen(fd_, 0) == 0);
    ::getsockname(fd_, address, &size);
  }
  silent_port(const silent_port&) = delete;
  silent_port& operator=(const silent_port&) = delete;
  ~silent_port() { ::close(fd_); }

  std::uint16_t number() const { return ntohs(address_.sin_port); }

 private:
  int fd_;
  sockaddr_in address_{};
};

} // namespace

BOOST_AUTO_TEST_CASE(hosts_exchange_notes_of_up_to_a_megabyte) {
  constexpr std::size_t two_megabytes = 2 << 20;
  const cluster c;
  coordinator_host office(c, [](auto& o) { o.payload_max = two_megabytes; });
  worker_host desk(c, office.port(),
                   [](auto& o) { o.payload_max = two_megabytes; });
  const auto gateway = desk.dial();
  BOOST_TEST_REQUIRE(!!gateway, desk.why);
  for (const std::size_t size : {1, 1'000, 100'000, 1'000'000}) {
    const std::string text(size, 'x');
    BOOST_TEST((desk.echo(gateway, text) == text), desk.why);
  }
}

BOOST_AUTO_TEST_CASE(an_answer_over_the_limit_cuts_the_link) {
  const cluster c;
  coordinator_host office(c, [](auto& o) { o.payload_max = 2 << 20; });
  worker_host desk(c, office.port());
  const auto gateway = desk.dial();
  BOOST_TEST_REQUIRE(!!gateway, desk.why);
  desk.self->send(gateway, echo_atom_v, note{std::string(1'000'000, 'x')});
  BOOST_TEST(desk.goes_down(gateway));
}

BOOST_AUTO_TEST_CASE(both_ends_see_the_same_channel) {
  const cluster c;
  coordinator_host office(c);
  worker_host desk(c, office.port());
  BOOST_TEST_REQUIRE(!!desk.dial(), desk.why);
  const auto here = desk.channel;
  const auto there = office.channels().at(0);
  BOOST_TEST(here.binding.size() == 32u);
  BOOST_TEST((here.binding == there.binding));
  BOOST_TEST(here.peer.name == "office");
  BOOST_TEST(there.peer.name == "desk-1");
  BOOST_TEST(!here.own_serial.empty());
  BOOST_TEST(!there.own_serial.empty());
  BOOST_TEST(here.own_serial != there.own_serial);
  BOOST_TEST(here.own_serial == there.peer.serial);
  BOOST_TEST(there.own_serial == here.peer.serial);
}

BOOST_AUTO_TEST_CASE(each_connection_has_its_own_binding) {
  const cluster c;
  coordinator_host office(c);
  worker_host desk(c, office.port());
  worker_host other(c, office.port());
  std::set<std::string> bindings;
  for (auto* host : {&desk, &desk, &other}) {
    BOOST_TEST_REQUIRE(!!host->dial_again(), host->why);
    bindings.insert(host->channel.binding);
  }
  BOOST_TEST(bindings.size() == 3u);
}

BOOST_AUTO_TEST_CASE(a_refusal_crosses_with_its_sentence) {
  const cluster c;
  coordinator_host office(c);
  worker_host desk(c, office.port());
  const auto gateway = desk.dial();
  BOOST_TEST_REQUIRE(!!gateway, desk.why);
  BOOST_TEST(desk.echo(gateway, "") == "");
  BOOST_TEST(desk.why == "an empty note");
  BOOST_TEST(desk.echo(gateway, "again") == "again");
}

BOOST_AUTO_TEST_CASE(a_gateway_that_quits_speaks_its_last_words_and_is_cut) {
  const cluster c;
  coordinator_host office(c);
  worker_host desk(c, office.port());
  for (int round = 1; round <= 3; ++round) {
    const auto gateway = desk.dial_again();
    BOOST_TEST_REQUIRE(!!gateway, desk.why);
    std::string words;
    desk.self->request(gateway, 60s, quit_atom_v)
        .receive([&](const note& n) { words = n.text; },
                 [&](const caf::error&) {});
    BOOST_TEST(words == "the last answer");
    BOOST_TEST(desk.goes_down(gateway));
    BOOST_TEST(office.ended == round);
  }
}

BOOST_AUTO_TEST_CASE(a_new_dial_takes_the_place_of_the_link_before) {
  const cluster c;
  coordinator_host office(c);
  worker_host desk(c, office.port());
  const auto first = desk.dial();
  BOOST_TEST_REQUIRE(!!first, desk.why);
  for (int round = 1; round <= 5; ++round) {
    const auto next = desk.dial_again();
    BOOST_TEST_REQUIRE(!!next, desk.why);
    BOOST_TEST(desk.echo(next, "here") == "here", desk.why);
    BOOST_TEST(eventually([&] { return office.ended_unreachable >= round; }));
  }
  BOOST_TEST(desk.goes_down(first));
}

BOOST_AUTO_TEST_CASE(the_end_of_the_listener_downs_the_handle) {
  const cluster c;
  coordinator_host office(c);
  worker_host desk(c, office.port());
  const auto gateway = desk.dial();
  BOOST_TEST_REQUIRE(!!gateway, desk.why);
  office.listener.reset();
  BOOST_TEST(desk.goes_down(gateway));
  BOOST_TEST(eventually([&] { return office.ended_unreachable == 1; }));
}

BOOST_AUTO_TEST_CASE(the_end_of_the_connector_ends_the_gateway) {
  const cluster c;
  coordinator_host office(c);
  worker_host desk(c, office.port());
  const auto gateway = desk.dial();
  BOOST_TEST_REQUIRE(!!gateway, desk.why);
  desk.connector.reset();
  BOOST_TEST(desk.goes_down(gateway));
  BOOST_TEST(eventually([&] { return office.ended_unreachable == 1; }));
}

BOOST_AUTO_TEST_CASE(nobody_listening_is_said) {
  const cluster c;
  std::uint16_t port = 0;
  {
    coordinator_host office(c);
    port = office.port();
  }
  const auto why = refusal(c, port);
  BOOST_TEST(has(why, "connection refused"), why);
}

BOOST_AUTO_TEST_CASE(who_does_not_answer_is_given_up) {
  const cluster c;
  const silent_port silent;
  // The kernel alone connects the first one; nobody answers its TLS.
  auto why = refusal(c, silent.number());
  BOOST_TEST(has(why, "it did not set up TLS in 5 s"), why);
  // It still fills the queue.
  why = refusal(c, silent.number());
  BOOST_TEST(has(why, "no answer in 10 s, while waiting for a connection"),
             why);
}

BOOST_AUTO_TEST_CASE(a_name_that_is_not_known_is_said) {
  const cluster c;
  const auto why =
      refusal(c, 1, [](auto& o) { o.host = "no-such-host.invalid"; });
  BOOST_TEST(has(why, "its name cannot be resolved"), why);
}

BOOST_AUTO_TEST_CASE(a_certificate_of_another_cluster_is_said) {
  const cluster ours;
  const cluster theirs;
  coordinator_host office(theirs);
  const auto why = refusal(ours, office.port());
  BOOST_TEST(has(why, "its certificate belongs to another cluster"), why);
  BOOST_TEST(office.opened == 0);
}

BOOST_AUTO_TEST_CASE(another_role_or_name_than_expected_is_said) {
  const cluster c;
  coordinator_host office(c);
  auto why =
      refusal(c, office.port(), [](auto& o) { o.expected_name = "archive"; });
  BOOST_TEST(has(why, "that of coordinator office, not of coordinator archive"),
             why);
  why = refusal(c, office.port(),
                [](auto& o) { o.expected = crypto::host_role::node; });
  BOOST_TEST(has(why, "that of coordinator office, not of node any name"), why);
  BOOST_TEST(eventually([&] { return office.ended == office.opened; }));
}

BOOST_AUTO_TEST_CASE(a_worker_does_not_pass_for_a_server) {
  const cluster c;
  coordinator_host office(
      c, [&](auto& o) { o.credentials = c.issue(crypto::host_role::worker); });
  const auto why = refusal(c, office.port());
  BOOST_TEST(has(why, "its certificate is for another role"), why);
}

BOOST_AUTO_TEST_CASE(a_role_that_is_not_admitted_is_told_so) {
  const cluster c;
  coordinator_host office(c);
  const auto why = refusal(c, office.port(), [&](auto& o) {
    o.credentials = c.issue(crypto::host_role::client);
  });
  BOOST_TEST(has(why, "does not let this host in: only a worker "
                      "may connect here"),
             why);
  BOOST_TEST(eventually(
      [&] { return office.said("only a worker may connect here"); }));
  BOOST_TEST(office.opened == 0);
}

BOOST_AUTO_TEST_CASE(another_interface_is_said) {
  const cluster c;
  coordinator_host office(c);
  const auto why = refusal(c, office.port(),
                           [](auto& o) { o.interface = {"something else"}; });
  BOOST_TEST(has(why, "is not the one that this host needs"), why);
  BOOST_TEST(eventually([&] { return office.ended_unreachable == 1; }));
}

BOOST_AUTO_TEST_CASE(credentials_that_do_not_fit_are_refused_at_once) {
  const cluster c;
  const cluster other;
  BOOST_CHECK_THROW(
      worker_host(c, 1,
                  [&](auto& o) { o.credentials.authority_pem = other.pem; }),
      std::runtime_error);
  BOOST_CHECK_THROW(
      coordinator_host(c, [](auto& o) { o.address = "192.0.2.1"; }),
      std::runtime_error);
}

BOOST_AUTO_TEST_SUITE_END()
