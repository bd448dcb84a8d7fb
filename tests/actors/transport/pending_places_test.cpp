// SPDX-License-Identifier: Apache-2.0
#include "actors/transport/pending_places.hpp"

#include "tests/actors/transport/fixture.hpp"
#include "tests/actors/transport/frames.hpp"
#include "tests/actors/transport/raw_client.hpp"
#include "tests/defence_switch.hpp"

#include <boost/test/unit_test.hpp>

#include <memory>
#include <set>
#include <vector>

BOOST_AUTO_TEST_SUITE(pending_places_suite)

using namespace chancery;
using namespace chancery::tests;

namespace {

using actors::pending_places;

struct waiting_room {
  pending_places places{{.all = 6, .per_address = 3}};
  std::set<pending_places::number> spoke;
  pending_places::number last = 0;

  /// Lets one in and returns who had to go, or 0.
  pending_places::number come(const std::string& address) {
    const auto from = boost::asio::ip::make_address(address);
    const auto out =
        places.in_the_way(from, [this](auto n) { return !spoke.contains(n); });
    if (out)
      places.remove(*out);
    places.add(++last, from);
    return out.value_or(0);
  }
};

/// Whether a distant host sets up TLS although others, who send nothing, take
/// 50 of 64 places before each of its steps.
bool comes_through(const cluster& c, bool defended) {
  coordinator_host office(c, [&](auto& o) {
    o.pending = {.all = 64, .per_address = 64};
    defence_switch::places_per_address(o.defended) = defended;
  });
  const auto certificate = c.issue(crypto::host_role::worker);
  std::vector<std::unique_ptr<raw_socket>> silent;
  raw_tls far(office.port(), certificate);
  const bool done = far.handshake([&] {
    for (int i = 0; i < 50; ++i)
      silent.push_back(std::make_unique<raw_socket>(office.port()));
    // The second fifty find no place.
    if (silent.size() <= 64)
      return;
    BOOST_TEST(eventually([&] { return office.said("too many"); }));
    // It is said before the oldest is closed, which came before this one.
    if (!defended)
      BOOST_TEST(silent.front()->is_closed());
  });
  return done && far.send(client_handshake('F').bytes()) &&
         far.read(32).size() == 32;
}

} // namespace

BOOST_AUTO_TEST_CASE(an_address_gives_up_its_own_places) {
  waiting_room room;
  for (int i = 0; i < 3; ++i)
    BOOST_TEST(room.come("192.0.2.1") == 0u);
  BOOST_TEST(room.come("192.0.2.2") == 0u); // 4
  BOOST_TEST(room.come("192.0.2.1") == 1u);
  BOOST_TEST(room.come("::ffff:192.0.2.1") == 2u); // the same host
  BOOST_TEST(room.come("192.0.2.2") == 0u);
}

BOOST_AUTO_TEST_CASE(a_64_of_ipv6_is_one_host) {
  waiting_room room;
  BOOST_TEST(room.come("2001:db8:0:1::1") == 0u);
  BOOST_TEST(room.come("2001:db8:0:1:ffff::1") == 0u);
  BOOST_TEST(room.come("2001:db8:0:1:aaaa::2") == 0u);
  BOOST_TEST(room.come("2001:db8:0:1::3") == 1u);
  BOOST_TEST(room.come("2001:db8:0:2::3") == 0u);
}

BOOST_AUTO_TEST_CASE(who_has_sent_something_stays_longer) {
  waiting_room room;
  for (int i = 0; i < 3; ++i)
    room.come("192.0.2.1");
  room.spoke = {1, 2};
  BOOST_TEST(room.come("192.0.2.1") == 3u);
  BOOST_TEST(room.come("192.0.2.1") == 4u);
  room.spoke = {1, 2, 5};
  BOOST_TEST(room.come("192.0.2.1") == 1u); // all have: the oldest
}

BOOST_AUTO_TEST_CASE(when_all_are_taken_who_has_most_gives_up_one) {
  waiting_room room;
  room.come("192.0.2.9");
  for (const auto* from :
       {"192.0.2.1", "192.0.2.1", "192.0.2.2", "192.0.2.2", "192.0.2.2"})
    room.come(from);
  BOOST_TEST(room.come("192.0.2.3") == 4u);
  room.spoke = {2, 3, 5, 6};
  // The only silent ones have one place each.
  BOOST_TEST(room.come("192.0.2.4") == 1u);
}

BOOST_AUTO_TEST_CASE(a_flood_of_silent_connections_keeps_nobody_out) {
  const cluster c;
  BOOST_TEST(comes_through(c, true));
}

BOOST_AUTO_TEST_CASE(where_the_oldest_goes_first_a_flood_keeps_others_out) {
  const cluster c;
  BOOST_TEST(!comes_through(c, false));
}

BOOST_AUTO_TEST_SUITE_END()
