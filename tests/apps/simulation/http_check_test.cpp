// SPDX-License-Identifier: Apache-2.0
// A chain that is read over HTTP, from honest and from lying servers.
#include "apps/simulation/http_check.hpp"

#include "tests/apps/api/api_fixture.hpp"
#include "tests/apps/simulation/lying_server.hpp"

#include <boost/test/unit_test.hpp>

namespace chancery::tests {

namespace {

struct lying_world : api_world {
  lying_world() : server(api.handler()) {
    for (std::uint64_t i = 0; i < ledger.messages.size(); ++i)
      held.push_back(
          {i, crypto::merkle_leaf(crypto::bytes_of(ledger.messages[i]))});
  }

  apps::http_chain checked() {
    std::atomic<std::uint64_t> done{0};
    const std::atomic<bool> stop{false};
    return apps::check_over_http(server.address(), node, held, done, stop);
  }

  crypto::public_key node = ledger.node();
  std::vector<actors::held_receipt> held;
  lying_server server;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(http_check_test, lying_world)

BOOST_AUTO_TEST_CASE(an_honest_chain_holds) {
  const auto chain = checked();
  BOOST_TEST(chain.fault == "");
  BOOST_TEST(chain.blocks == 1u);
  BOOST_TEST(chain.messages == 5u);
  BOOST_TEST(chain.proofs == 5u);
}

BOOST_AUTO_TEST_CASE(a_lie_is_noticed) {
  const auto noticed = [&](std::string path, std::string from, std::string to) {
    server.change(std::move(path), std::move(from), std::move(to));
    return checked().fault;
  };
  BOOST_TEST(noticed("/v1/blocks/count", "\"messages\":5", "\"messages\":4") !=
             "");
  BOOST_TEST(noticed("/v1/blocks/count", "\"blocks\":1", "\"blocks\":2") != "");
  BOOST_TEST(noticed("/v1/blocks/0", "\"count\":5", "\"count\":6") != "");
  BOOST_TEST(noticed("/v1/messages/3/proof", "\"path\":[\"", "\"path\":[\"A") !=
             "");
  BOOST_TEST(noticed("/v1/messages/3/proof", "{", "[") != "");
  BOOST_TEST(noticed("/v1/blocks/head", "\"hash\":\"", "\"hash\":\"A") != "");
}

BOOST_AUTO_TEST_CASE(another_message_than_the_receipts_is_noticed) {
  std::swap(held[1].leaf, held[2].leaf);
  BOOST_TEST(checked().fault.find("is not the one") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(another_node_is_noticed) {
  node =
      crypto::make_node_identity(crypto::system_random()).signing.public_half();
  BOOST_TEST(checked().fault.find("proof of message 0") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace chancery::tests
