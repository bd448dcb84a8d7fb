// SPDX-License-Identifier: Apache-2.0
// What /v1/access says of the sender.
#include "api_fixture.hpp"

#include <boost/test/unit_test.hpp>

namespace chancery::tests {

BOOST_AUTO_TEST_SUITE(api_access_test)

namespace {

using nlohmann::json;

/// The line of a token that is its own name.
std::string line_of(const std::string& name, const std::string& scopes,
                    const std::string& prefix = "") {
  apps::token_entry entry;
  entry.name = name;
  entry.scopes = apps::scope_set::parse(scopes);
  entry.hash = apps::token_hash(name);
  entry.prefix = prefix;
  return entry.line() + "\n";
}

apps::api_options asking_for_tokens() {
  apps::api_options options;
  options.callers.tokens = std::make_shared<const apps::token_book>(
      apps::token_book::parse(line_of("watcher", "read,metrics") +
                              line_of("shop", "submit", "INV-")));
  return options;
}

http_response access_with(api_world& world, const std::string& token) {
  return world.get("/v1/access", {{"Authorization", "Bearer " + token}});
}

} // namespace

BOOST_AUTO_TEST_CASE(without_tokens_everybody_may_do_everything) {
  api_world world;
  const auto answer = world.get("/v1/access");
  BOOST_TEST(answer.body ==
             R"({"open":true,"name":null,)"
             R"("scopes":["submit","read","metrics"],"private_ledger":false})");
  BOOST_TEST(field(answer, "Cache-Control") == "no-store");
}

BOOST_AUTO_TEST_CASE(a_token_is_told_its_name_scopes_and_prefix) {
  api_world world(asking_for_tokens(), true);
  BOOST_TEST(json_of(access_with(world, "watcher")) ==
             json({{"open", false},
                   {"name", "watcher"},
                   {"scopes", {"read", "metrics"}},
                   {"private_ledger", true}}));
  BOOST_TEST(json_of(access_with(world, "shop")) ==
             json({{"open", false},
                   {"name", "shop"},
                   {"scopes", {"submit"}},
                   {"prefix", "INV-"},
                   {"private_ledger", true}}));
}

BOOST_AUTO_TEST_CASE(without_its_token_a_sender_may_do_nothing) {
  api_world world(asking_for_tokens());
  BOOST_TEST(json_of(world.get("/v1/access")) ==
             json({{"open", false},
                   {"name", nullptr},
                   {"scopes", json::array()},
                   {"private_ledger", false}}));
  BOOST_TEST(is_problem(access_with(world, "nobody"), "token_unknown"));
  BOOST_TEST(is_problem(world.get("/v1/access", {{"Authorization", "Basic x"}}),
                        "token_unknown"));
}

BOOST_AUTO_TEST_CASE(where_no_ledger_is_served_nothing_is_said_of_it) {
  apps::route_table table;
  apps::add_access_route(table, std::nullopt);
  apps::api api(std::move(table), {});
  const auto answer = handed(api.handler(), request_of("GET", "/v1/access"));
  BOOST_TEST(answer.status == 200);
  BOOST_TEST(!json_of(answer).contains("private_ledger"));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace chancery::tests
