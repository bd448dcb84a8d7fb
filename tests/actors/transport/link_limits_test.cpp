// SPDX-License-Identifier: Apache-2.0
//
// What a certified peer may take of a listener: links, frames, and time.

#include "actors/transport/listener.hpp"

#include "tests/actors/transport/forger.hpp"
#include "tests/defence_switch.hpp"

#include <boost/test/unit_test.hpp>

#include <mutex>
#include <optional>

BOOST_AUTO_TEST_SUITE(link_limits_suite)

using namespace chancery;
using namespace chancery::tests;

namespace {

using std::chrono::system_clock;

std::vector<std::unique_ptr<forger>>
many(std::size_t count, const crypto::host_credentials& certificate,
     const coordinator_host& office) {
  std::vector<std::unique_ptr<forger>> links;
  for (std::size_t i = 0; i < count; ++i)
    links.push_back(std::make_unique<forger>(certificate, office.port(),
                                             static_cast<char>('A' + i)));
  return links;
}

/// A certificate that ends this long from now.
crypto::host_credentials ends_in(const cluster& c, crypto::host_role role,
                                 std::chrono::seconds left) {
  const auto valid = std::chrono::days(1);
  return crypto::issue_host_certificate(c.key, c.pem, "brief", role,
                                        system_clock::now() - valid + left,
                                        valid, crypto::system_random());
}

/// Hosts that are denied, as a test changes them.
class denial {
 public:
  void operator()(actors::listener_options& o) {
    o.denied = [this](const crypto::host_identity& who) {
      const std::lock_guard lock(mutex_);
      return who.name == name_ ? std::optional<std::string>("it was lost")
                               : std::nullopt;
    };
  }
  void deny(const std::string& name) {
    const std::lock_guard lock(mutex_);
    name_ = name;
  }

 private:
  std::mutex mutex_;
  std::string name_;
};

} // namespace

BOOST_AUTO_TEST_CASE(a_certificate_has_sixteen_links) {
  const cluster c;
  coordinator_host office(c);
  const auto certificate = c.issue(crypto::host_role::worker, "many");
  auto links = many(17, certificate, office);
  const heart beats(links);
  BOOST_TEST(office.opened == 16);
  BOOST_TEST(links.back()->refusal ==
             "there are 16 links with its certificate already");
  BOOST_TEST(eventually([&] { return office.said("16 links with its"); }));
  // Another certificate of the same name has places of its own.
  const forger renewed(c.issue(crypto::host_role::worker, "many"),
                       office.port(), 'z');
  BOOST_TEST(renewed.refusal == "");
  // A link that ends makes room.
  links.front()->tls.send("not a frame, but more than its header is long");
  BOOST_TEST(eventually(
      [&] { return forger(certificate, office.port(), 'y').refusal.empty(); }));
}

BOOST_AUTO_TEST_CASE(without_the_limit_one_certificate_takes_all_links) {
  const cluster c;
  for (const bool limited : {true, false}) {
    coordinator_host office(c, [&](auto& o) {
      o.links_max = 17;
      defence_switch::links_per_certificate(o.defended) = limited;
    });
    auto links = many(17, c.issue(crypto::host_role::worker, "many"), office);
    const heart beats(links);
    const forger other(c.issue(crypto::host_role::worker), office.port(), 'z');
    BOOST_TEST(other.refusal.empty() == limited);
  }
}

BOOST_AUTO_TEST_CASE(a_refused_host_is_told_why) {
  const cluster c;
  coordinator_host office(c);
  auto links = many(16, c.issue(crypto::host_role::worker, "desk-1"), office);
  const heart beats(links);
  const auto certificate = links[0]->certificate;
  worker_host desk(c, office.port(),
                   [&](auto& o) { o.credentials = certificate; });
  BOOST_TEST(!desk.dial());
  BOOST_TEST(desk.why.find("let this host in: there are 16 links") !=
                 std::string::npos,
             desk.why);
}

BOOST_AUTO_TEST_CASE(a_frame_that_drips_is_cut) {
  const cluster c;
  coordinator_host office(c);
  forger peer(c, office);
  const std::string begin(1'200, 'x');
  peer.tls.send(direct(office.gateway, "@<>+@atom+chancery::tests::note", begin)
                    .bytes_with_length(200'000));
  BOOST_TEST(eventually([&] {
    std::this_thread::sleep_for(100ms);
    return !peer.tls.send("x");
  }));
  BOOST_TEST(eventually([&] { return office.said("at under 4 KiB/s"); }));
  BOOST_TEST(eventually([&] { return office.ended_unreachable == 1; }));
}

BOOST_AUTO_TEST_CASE(a_link_ends_with_the_peers_certificate) {
  const cluster c;
  coordinator_host office(c);
  const auto brief = ends_in(c, crypto::host_role::worker, 4s);
  worker_host desk(c, office.port(), [&](auto& o) { o.credentials = brief; });
  const auto gateway = desk.dial();
  BOOST_TEST_REQUIRE(!!gateway, desk.why);
  BOOST_TEST(desk.echo(gateway, "still valid") == "still valid", desk.why);
  BOOST_TEST(desk.goes_down(gateway));
  BOOST_TEST(eventually([&] { return office.ended == 1; }));
  BOOST_TEST(!desk.dial());
}

BOOST_AUTO_TEST_CASE(a_forger_does_not_outlive_its_certificate) {
  const cluster c;
  coordinator_host office(c);
  std::vector<std::unique_ptr<forger>> links;
  links.push_back(std::make_unique<forger>(
      ends_in(c, crypto::host_role::worker, 3s), office.port()));
  const heart beats(links);
  BOOST_TEST(
      eventually([&] { return office.said("its certificate has expired"); }));
  BOOST_TEST(eventually([&] { return office.ended_unreachable == 1; }));
}

BOOST_AUTO_TEST_CASE(a_denied_host_is_cut_and_refused) {
  const cluster c;
  denial denied;
  coordinator_host office(c, std::ref(denied));
  worker_host desk(c, office.port());
  worker_host other(c, office.port(), [&](auto& o) {
    o.credentials = c.issue(crypto::host_role::worker, "desk-2");
  });
  const auto gateway = desk.dial();
  const auto kept = other.dial();
  BOOST_TEST_REQUIRE(!!gateway, desk.why);
  BOOST_TEST_REQUIRE(!!kept, other.why);
  denied.deny("desk-1");
  BOOST_TEST(desk.goes_down(gateway));
  BOOST_TEST(eventually([&] { return office.said("it was lost"); }));
  BOOST_TEST(!desk.dial());
  BOOST_TEST(desk.why.find("it was lost") != std::string::npos, desk.why);
  BOOST_TEST(other.echo(kept, "mine") == "mine");
  denied.deny("");
  BOOST_TEST(!!desk.dial_again(), desk.why);
}

BOOST_AUTO_TEST_SUITE_END()
