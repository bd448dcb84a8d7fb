// SPDX-License-Identifier: Apache-2.0
#include "actors/transport/listener.hpp"

#include "tests/actors/transport/fixture.hpp"
#include "tests/actors/transport/forger.hpp"
#include "tests/actors/transport/frames.hpp"
#include "tests/actors/transport/raw_client.hpp"

#include <boost/test/unit_test.hpp>
#include <openssl/ssl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <atomic>
#include <fstream>
#include <optional>
#include <random>
#include <thread>
#include <vector>

BOOST_AUTO_TEST_SUITE(listener_suite)

using namespace chancery;
using namespace chancery::tests;

namespace {

std::chrono::microseconds cpu_time() {
  rusage used{};
  ::getrusage(RUSAGE_SELF, &used);
  const auto of = [](const timeval& t) {
    return std::chrono::seconds(t.tv_sec) +
           std::chrono::microseconds(t.tv_usec);
  };
  return of(used.ru_utime) + of(used.ru_stime);
}

std::size_t resident_mib() {
  std::size_t size = 0;
  std::size_t resident = 0;
  std::ifstream("/proc/self/statm") >> size >> resident;
  return resident * 4 / 1'024;
}

/// Such a peer is refused before it gets a gateway.
void is_refused(const cluster& c, const raw_tls::settings& settings,
                std::string_view logged) {
  coordinator_host office(c);
  raw_tls peer(office.port(), settings);
  if (peer.handshake())
    BOOST_TEST(peer.is_closed());
  BOOST_TEST(eventually([&] { return office.said(logged); }), peer.why());
  BOOST_TEST(office.opened == 0);
}

/// A certified worker that sends this after its greeting is cut.
void is_cut(const std::function<std::string(const coordinator_host&)>& bytes,
            std::string_view logged) {
  const cluster c;
  coordinator_host office(c);
  forger peer(c, office);
  BOOST_TEST(peer.tls.send(bytes(office)));
  BOOST_TEST(peer.tls.is_closed());
  BOOST_TEST(eventually([&] { return office.said(logged); }));
  BOOST_TEST(eventually([&] { return office.ended_unreachable == 1; }));
}

void serves_a_worker(const cluster& c, coordinator_host& office) {
  worker_host desk(c, office.port());
  const auto gateway = desk.dial();
  BOOST_TEST_REQUIRE(!!gateway, desk.why);
  BOOST_TEST(desk.echo(gateway, "still here") == "still here", desk.why);
}

} // namespace

BOOST_AUTO_TEST_CASE(strangers_are_refused_by_their_certificates) {
  const cluster c;
  const cluster other;
  const auto foreign = other.issue(crypto::host_role::worker);
  const auto expired = c.issue_expired(crypto::host_role::worker);
  const auto client = c.issue(crypto::host_role::client);
  const auto server = c.issue(crypto::host_role::coordinator);
  const auto worker = c.issue(crypto::host_role::worker);
  is_refused(c, {}, "it sent no certificate");
  is_refused(c, {.certificate = &foreign},
             "its certificate belongs to another cluster");
  is_refused(c, {.certificate = &expired}, "its certificate has expired");
  is_refused(c, {.certificate = &server},
             "its certificate is for another role");
  is_refused(c, {.certificate = &client}, "only a worker may connect here");
  is_refused(c, {.certificate = &worker, .version_max = TLS1_2_VERSION},
             "it does not speak TLS 1.3");
}

BOOST_AUTO_TEST_CASE(what_is_not_tls_is_closed_at_once) {
  const cluster c;
  coordinator_host office(c);
  std::mt19937 random(42);
  std::string noise(10'000, '\0');
  for (auto& byte : noise)
    byte = static_cast<char>(random());
  for (const auto& bytes :
       {client_handshake('F').bytes(), frame{.operation = 1}.bytes(),
        std::string("GET / HTTP/1.1\r\nHost: office\r\n\r\n"), noise}) {
    const raw_socket peer(office.port());
    peer.send(bytes);
    BOOST_TEST(peer.is_closed());
  }
  BOOST_TEST(eventually([&] { return office.lines() >= 4; }));
  BOOST_TEST(office.opened == 0);
  serves_a_worker(c, office);
}

BOOST_AUTO_TEST_CASE(a_header_without_its_payload_is_cut) {
  for (const std::uint8_t operation : {'\0', '\1', '\2', '\3', '\4', '\5'})
    is_cut(
        [=](const auto& office) {
          return frame{.operation = operation,
                       .data = operation == 2 ? request_id : 0,
                       .destination = operation == 2 || operation == 4
                                          ? office.gateway.load()
                                          : 0}
              .bytes();
        },
        "it sent a");
}

BOOST_AUTO_TEST_CASE(a_payload_of_4_gib_is_cut_by_its_header) {
  is_cut(
      [](const auto& office) {
        return direct(office.gateway, "", "").bytes_with_length(0xffffffff);
      },
      "a frame of over 256 KiB");
}

BOOST_AUTO_TEST_CASE(a_message_to_another_actor_is_cut) {
  is_cut(
      [](const auto& office) {
        return direct(office.gateway - 1, "@<>+@atom", "12345678").bytes();
      },
      "a message to an actor that is not the gateway");
}

BOOST_AUTO_TEST_CASE(a_peer_cannot_kill_its_gateway) {
  is_cut(
      [](const auto& office) {
        return direct(office.gateway, "@<>+@exit", std::string(40, '\1'))
            .bytes();
      },
      "a message with the type '@exit'");
}

BOOST_AUTO_TEST_CASE(a_type_that_is_not_listed_is_cut) {
  is_cut(
      [](const auto& office) {
        return direct(office.gateway, "@<>+@charbuf", "\xff\xff\xff\x7f")
            .bytes();
      },
      "a message with the type '@charbuf'");
}

BOOST_AUTO_TEST_CASE(an_answer_that_nobody_asked_for_is_cut) {
  is_cut(
      [](const auto& office) {
        auto answer = direct(office.gateway, "@<>", "");
        answer.data |= answer_bit;
        return answer.bytes();
      },
      "an answer, and nobody asked");
}

BOOST_AUTO_TEST_CASE(a_first_frame_that_is_no_greeting_is_cut) {
  const cluster c;
  coordinator_host office(c);
  const auto certificate = c.issue(crypto::host_role::worker);
  raw_tls peer(office.port(), certificate);
  BOOST_TEST_REQUIRE(peer.handshake());
  BOOST_TEST(peer.send(heartbeat().bytes()));
  BOOST_TEST(peer.is_closed());
  BOOST_TEST(eventually([&] { return office.ended_unreachable == 1; }));
  BOOST_TEST(office.said("a first frame that is not a handshake"));
}

BOOST_AUTO_TEST_CASE(who_greets_and_is_silent_is_cut) {
  const cluster c;
  coordinator_host office(c);
  forger peer(c, office);
  BOOST_TEST(peer.tls.is_closed());
  BOOST_TEST(eventually([&] { return office.ended_unreachable == 1; }));
  BOOST_TEST(office.said("it was silent for 2 s"));
}

BOOST_AUTO_TEST_CASE(who_does_not_greet_is_cut) {
  const cluster c;
  coordinator_host office(c);
  const auto certificate = c.issue(crypto::host_role::worker);
  raw_tls peer(office.port(), certificate);
  BOOST_TEST_REQUIRE(peer.handshake());
  BOOST_TEST(peer.is_closed());
  BOOST_TEST(eventually([&] { return office.ended_unreachable == 1; }));
  BOOST_TEST(office.said("it did not greet in 5 s"));
}

BOOST_AUTO_TEST_CASE(a_node_that_has_a_link_gets_no_second_one) {
  const cluster c;
  coordinator_host office(c);
  forger first(c, office, 'F');
  std::atomic<bool> over = false;
  std::thread alive([&] {
    while (!over && first.tls.send(heartbeat().bytes()))
      std::this_thread::sleep_for(100ms);
  });
  forger second(c, office, 'F');
  BOOST_TEST(second.refusal == "its node has a link already");
  BOOST_TEST(second.tls.is_closed());
  BOOST_TEST(eventually([&] { return office.ended_unreachable == 1; }));
  BOOST_TEST(office.said("its node has a link already"));
  forger other(c, office, 'G');
  BOOST_TEST(other.tls.is_closed());
  BOOST_TEST(eventually([&] { return office.ended_unreachable == 2; }));
  BOOST_TEST(office.said("it was silent for 2 s"));
  over = true;
  alive.join();
  // The first link lasted as long as it sent heartbeats.
  BOOST_TEST(first.tls.is_closed());
  BOOST_TEST(eventually([&] { return office.ended_unreachable == 3; }));
}

BOOST_AUTO_TEST_CASE(links_over_the_limit_are_refused) {
  const cluster c;
  coordinator_host office(c, [](auto& o) { o.links_max = 1; });
  worker_host desk(c, office.port());
  const auto gateway = desk.dial();
  BOOST_TEST_REQUIRE(!!gateway, desk.why);
  worker_host other(c, office.port());
  BOOST_TEST(!other.dial());
  BOOST_TEST(eventually([&] { return office.said("1 links already"); }));
  BOOST_TEST(desk.echo(gateway, "mine") == "mine");
}

BOOST_AUTO_TEST_CASE(silent_strangers_cost_nothing_and_keep_nobody_out) {
  const cluster c;
  coordinator_host office(c);
  serves_a_worker(c, office);
  const auto memory = resident_mib();
  std::vector<std::unique_ptr<raw_socket>> strangers;
  for (int i = 0; i < 500; ++i)
    strangers.push_back(std::make_unique<raw_socket>(office.port()));
  serves_a_worker(c, office);
  const auto cpu = cpu_time();
  const auto start = std::chrono::steady_clock::now();
  std::this_thread::sleep_for(2s);
  const auto wall = std::chrono::steady_clock::now() - start;
  BOOST_TEST(((cpu_time() - cpu) * 4 < wall));
  for (const auto& s : strangers)
    BOOST_TEST(s->is_closed());
  BOOST_TEST(office.said("too many connections have not set up TLS yet"));
  BOOST_TEST(office.said("it did not set up TLS in 5 s"));
  BOOST_TEST(resident_mib() < memory + 256);
  BOOST_TEST(office.lines() < 200);
  BOOST_TEST(office.opened == 2);
}

BOOST_AUTO_TEST_CASE(who_takes_no_answers_may_soon_ask_no_more_and_is_cut) {
  const cluster c;
  coordinator_host office(c);
  forger peer(c, office);
  const auto atom = big_endian(echo_atom::uint_value(), 8);
  const auto question =
      direct(office.gateway, "@<>+@atom+chancery::tests::note",
             atom + counted(std::string(16'000, 'x')))
          .bytes();
  std::string waiting;
  std::size_t asked = 0;
  const auto cut = eventually([&] {
    // Slowly, so that it sends little within a second.
    for (int i = 0; i < 4; ++i) {
      if (waiting.empty())
        waiting = question;
      const auto sent = peer.tls.offer(waiting);
      if (!sent)
        return true;
      asked += *sent;
      waiting.erase(0, *sent);
    }
    return office.ended_unreachable == 1;
  });
  BOOST_TEST(cut);
  BOOST_TEST(
      eventually([&] { return office.said("it read nothing for 10 s"); }));
  BOOST_TEST(asked < 200'000'000u);
  serves_a_worker(c, office);
}

BOOST_AUTO_TEST_CASE(hosts_may_end_in_the_midst_of_traffic) {
  const cluster c;
  for (int round = 0; round < 20; ++round) {
    std::optional<coordinator_host> office(std::in_place, c);
    std::optional<worker_host> desk(std::in_place, c, office->port());
    const auto gateway = desk->dial();
    BOOST_TEST_REQUIRE(!!gateway, desk->why);
    for (int i = 0; i < 20; ++i)
      desk->self->send(gateway, echo_atom_v,
                       note{std::string(std::size_t{10'000}, 'x')});
    if (round % 2 == 0)
      office->listener.reset();
    else
      desk->connector.reset();
    BOOST_TEST(desk->goes_down(gateway));
    BOOST_TEST(eventually([&] { return office->ended == 1; }));
  }
}

BOOST_AUTO_TEST_CASE(it_listens_on_ipv6_too) {
  const cluster c;
  coordinator_host office(c, [](auto& o) { o.address = "::1"; });
  worker_host desk(c, office.port(), [](auto& o) { o.host = "::1"; });
  const auto gateway = desk.dial();
  BOOST_TEST_REQUIRE(!!gateway, desk.why);
  BOOST_TEST(desk.echo(gateway, "six") == "six");
}

BOOST_AUTO_TEST_CASE(it_survives_having_no_file_descriptor_left) {
  const cluster c;
  coordinator_host office(c);
  rlimit before{};
  ::getrlimit(RLIMIT_NOFILE, &before);
  std::chrono::microseconds cpu{};
  {
    // The stranger takes the last file descriptor of this process.
    const int next = ::dup(0);
    ::close(next);
    rlimit scarce = before;
    scarce.rlim_cur = static_cast<rlim_t>(next) + 1;
    ::setrlimit(RLIMIT_NOFILE, &scarce);
    const raw_socket stranger(office.port());
    BOOST_TEST(
        eventually([&] { return office.said("cannot accept connections"); }));
    cpu = cpu_time();
    std::this_thread::sleep_for(1s);
    cpu = cpu_time() - cpu;
    ::setrlimit(RLIMIT_NOFILE, &before);
  }
  BOOST_TEST((cpu < 250ms));
  serves_a_worker(c, office);
}

BOOST_AUTO_TEST_SUITE_END()
