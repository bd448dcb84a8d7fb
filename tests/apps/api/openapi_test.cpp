// SPDX-License-Identifier: Apache-2.0
// openapi.json and the table of routes say the same, both ways. What the routes
// answer is held against it by tests/js/openapi.test.mjs.
#include "api_fixture.hpp"

#include "apps/api/embedded_file.hpp"
#include "apps/api/problem.hpp"
#include "apps/service/service_routes.hpp"
#include "crypto/base/gzip.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cctype>
#include <map>
#include <set>

namespace chancery::tests {

BOOST_AUTO_TEST_SUITE(openapi_test)

namespace {

using nlohmann::json;
using words = std::set<std::string>;

json document() {
  for (const auto& file : apps::embedded_files())
    if (file.name == "openapi.json")
      return json::parse(crypto::gunzip(file.gzip));
  throw std::logic_error("openapi.json is not embedded");
}

apps::route_table routes(bool private_ledger) {
  const auto node = crypto::make_node_identity(crypto::system_random());
  return apps::service_routes(
      apps::served_ledger{.store = nullptr,
                          .node = node.id(),
                          .signing = node.signing.public_half(),
                          .keys = "",
                          .software = "",
                          .submit = nullptr,
                          .registration = std::nullopt,
                          .tokens_for_all = private_ledger},
      std::make_shared<const apps::signed_folder>("no folder", std::nullopt),
      {}, {}, {});
}

/// "GET /v1/node"
std::string name_of(std::string method, const std::string& path) {
  std::ranges::transform(method, method.begin(),
                         [](unsigned char c) { return std::toupper(c); });
  return method + " " + path;
}

std::map<std::string, json> operations(const json& document) {
  std::map<std::string, json> all;
  for (const auto& [path, item] : document.at("paths").items())
    for (const auto& [method, operation] : item.items())
      all.emplace(name_of(method, path), operation);
  return all;
}

json described_by(const std::map<std::string, json>& all,
                  const std::string& name) {
  const auto found = all.find(name);
  BOOST_REQUIRE_MESSAGE(found != all.end(), name + " is not in openapi.json");
  return found->second;
}

std::map<std::string, apps::route> described(const apps::route_table& table) {
  std::map<std::string, apps::route> all;
  for (const auto& r : table.routes())
    if (!std::holds_alternative<apps::planned>(r.work))
      all.emplace(name_of(std::string(r.method), std::string(r.pattern)), r);
  return all;
}

/// What a {"$ref": "#/..."} leads to.
const json& resolved(const json& document, const json& value) {
  if (!value.contains("$ref"))
    return value;
  const auto path = value.at("$ref").get<std::string>();
  return document.at(json::json_pointer(path.substr(1)));
}

words parameters(const json& document, const json& operation,
                 std::string_view place) {
  words names;
  for (const auto& p : operation.value("parameters", json::array()))
    if (const auto& parameter = resolved(document, p);
        parameter.at("in") == place)
      names.insert(parameter.at("name").get<std::string>());
  return names;
}

words names_in(std::string_view pattern) {
  words names;
  for (auto at = pattern.find('{'); at != std::string_view::npos;
       at = pattern.find('{', at + 1))
    names.insert(
        std::string(pattern.substr(at + 1, pattern.find('}', at) - at - 1)));
  return names;
}

words body_types(const json& operation) {
  words types;
  if (operation.contains("requestBody"))
    for (const auto& [type, content] :
         operation.at("requestBody").at("content").items())
      types.insert(type);
  return types;
}

/// What tokens must have, as security requirements: none, {} and a token that
/// is checked all the same, or a token or certificate with a scope.
json security(std::optional<apps::scope> needs,
              std::optional<apps::scope> needs_if_private) {
  const auto scope = needs ? needs : needs_if_private;
  const json scopes =
      scope ? json::array({std::string(to_text(*scope))}) : json::array();
  json all = json::array();
  if (!needs)
    all.push_back(json::object());
  all.push_back({{"token", scopes}});
  all.push_back({{"certificate", scopes}});
  return all;
}

} // namespace

BOOST_AUTO_TEST_CASE(every_route_is_described_and_nothing_else) {
  const auto file = document();
  words in_table;
  words in_file;
  for (const auto& [name, r] : described(routes(false)))
    in_table.insert(name);
  for (const auto& [name, operation] : operations(file))
    in_file.insert(name);
  BOOST_TEST(in_table == in_file, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(names_parameters_and_bodies_are_the_routes) {
  const auto file = document();
  const auto all = operations(file);
  words ids;
  for (const auto& [name, r] : described(routes(false))) {
    BOOST_TEST_CONTEXT(name) {
      const auto operation = described_by(all, name);
      BOOST_TEST(operation.at("operationId") == r.operation);
      BOOST_TEST(ids.insert(std::string(r.operation)).second);
      BOOST_TEST((parameters(file, operation, "path") == names_in(r.pattern)));
      BOOST_TEST((parameters(file, operation, "query") ==
                  words(r.parameters.begin(), r.parameters.end())));
      words types;
      for (const auto& body : r.bodies)
        types.emplace(body.type);
      BOOST_TEST((body_types(operation) == types));
    }
  }
}

BOOST_AUTO_TEST_CASE(a_token_is_needed_where_it_says_so) {
  const auto all = operations(document());
  const auto guarded = described(routes(true));
  for (const auto& [name, r] : described(routes(false))) {
    BOOST_TEST_CONTEXT(name) {
      const auto operation = described_by(all, name);
      BOOST_TEST((operation.at("security") ==
                  security(r.needs, guarded.at(name).needs)));
      BOOST_TEST(operation.at("responses").contains("401"));
      BOOST_TEST(operation.at("responses").contains("403") ==
                 guarded.at(name).needs.has_value());
    }
  }
}

BOOST_AUTO_TEST_CASE(the_files_of_the_pages_are_named) {
  const auto names =
      document().at(json::json_pointer("/paths/~1docs~1{file}/get/parameters/0/"
                                       "schema/enum"));
  constexpr std::string_view folder = "docs/";
  for (const auto& file : apps::embedded_files())
    if (file.name.starts_with(folder) && !file.name.ends_with(".html"))
      BOOST_TEST(std::ranges::count(names, file.name.substr(folder.size())) ==
                     1,
                 file.name);
}

BOOST_AUTO_TEST_CASE(the_codes_of_problems_are_all_there) {
  const auto file = document();
  const auto& components = file.at("components");
  std::vector<std::string> codes;
  std::map<int, std::vector<std::string>> by_status;
  for (const auto& kind : apps::problem_kinds()) {
    codes.emplace_back(kind.code);
    by_status[kind.status].emplace_back(kind.code);
  }
  BOOST_TEST((components.at("schemas").at("ProblemCode").at("enum") == codes));
  std::size_t seen = 0;
  for (const auto& [name, response] : components.at("responses").items()) {
    const json::json_pointer narrowed(
        "/content/application~1problem+json/schema/allOf/1/properties");
    if (!response.contains(narrowed))
      continue;
    const auto& properties = response.at(narrowed);
    const auto& code = properties.at("code");
    BOOST_TEST((by_status.at(properties.at("status").at("const")) ==
                (code.contains("const") ? json::array({code.at("const")})
                                        : code.at("enum"))),
               name);
    ++seen;
  }
  BOOST_TEST(seen >= 11u);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace chancery::tests
