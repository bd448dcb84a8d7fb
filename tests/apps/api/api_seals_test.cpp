// SPDX-License-Identifier: Apache-2.0
#include "apps/api/api_seals.hpp"

#include "api_fixture.hpp"
#include "tests/crypto/seals/seal_fixture.hpp"

#include <boost/test/unit_test.hpp>

namespace chancery::tests {

BOOST_AUTO_TEST_SUITE(api_seals_test)

namespace {

using crypto::test::seal_maker;

struct seal_world {
  explicit seal_world(apps::trusted_roots roots) : api(routes(roots), {}) {}

  http_response ask(const std::string& body,
                    const std::string& type = "application/jose") {
    return handed(api.handler(), request_of("POST", "/v1/check",
                                            {{"Content-Type", type}}, body));
  }

  apps::api api;

 private:
  static apps::route_table routes(const apps::trusted_roots& roots) {
    apps::route_table table;
    apps::add_seal_route(table,
                         std::make_shared<const apps::trusted_roots>(roots));
    return table;
  }
};

std::string good_seal() {
  const auto& maker = seal_maker::on(crypto::curve::p256);
  return maker.compact(maker.header(), "a record");
}

} // namespace

BOOST_AUTO_TEST_CASE(a_seal_is_judged_under_the_servers_roots) {
  const auto& maker = seal_maker::on(crypto::curve::p256);
  seal_world world({maker.root()});
  const auto answer = world.ask(good_seal());
  BOOST_TEST(answer.status == 200);
  BOOST_TEST(json_of(answer).at("verdict") == "valid");
  BOOST_TEST(json_of(answer).at("record_size") == 8);
  const auto flattened = world.ask(crypto::test::flattened(good_seal(), ""),
                                   "application/jose+json");
  BOOST_TEST(json_of(flattened).at("verdict") == "valid");
}

BOOST_AUTO_TEST_CASE(a_seal_that_is_not_valid_is_an_answer) {
  seal_world world({});
  const auto answer = world.ask("a.b.c");
  BOOST_TEST(answer.status == 200);
  BOOST_TEST(json_of(answer).at("verdict") == "invalid");
  BOOST_TEST(json_of(answer).at("signer").is_null());
  BOOST_TEST(!json_of(answer).at("failures").empty());
  const auto unknown = json_of(world.ask(good_seal()));
  BOOST_TEST(unknown.at("verdict") == "indeterminate");
  BOOST_TEST(unknown.at("certificate") == "untrusted");
}

BOOST_AUTO_TEST_CASE(other_bodies_are_refused) {
  seal_world world({});
  BOOST_TEST(is_problem(world.ask(good_seal(), "application/json"),
                        "wrong_content_type"));
  const std::string large((std::size_t{24} << 20) + 1, 'a');
  BOOST_TEST(is_problem(world.ask(large), "too_large"));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace chancery::tests
