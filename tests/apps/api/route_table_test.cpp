// SPDX-License-Identifier: Apache-2.0
#include "apps/api/route_table.hpp"

#include <boost/test/unit_test.hpp>

namespace chancery::tests {

BOOST_AUTO_TEST_SUITE(route_table_test)

namespace {

apps::route_table some_routes() {
  apps::route_table table;
  const auto add = [&](std::string_view method, std::string_view pattern) {
    table.add(
        {method, pattern, pattern, std::nullopt, {}, {}, apps::planned{}});
  };
  add("GET", "/things/{id}");
  add("GET", "/things/newest");
  add("GET", "/things");
  add("POST", "/things");
  add("GET", "/things/{id}/parts/{part}");
  add("GET", "/things/{id}.txt");
  return table;
}

} // namespace

BOOST_AUTO_TEST_CASE(a_literal_is_preferred_to_a_name) {
  const auto table = some_routes();
  BOOST_TEST(table.find("GET", {"things", "newest"}).found->pattern ==
             "/things/newest");
  const auto named = table.find("GET", {"things", "7"});
  BOOST_TEST(named.found->pattern == "/things/{id}");
  BOOST_TEST(named.values == std::vector<std::string>{"7"},
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_suffix_is_no_part_of_the_value) {
  const auto table = some_routes();
  BOOST_TEST(table.find("GET", {"things", "7.txt"}).values.at(0) == "7");
  BOOST_TEST(table.find("GET", {"things", ".txt"}).values.at(0) == ".txt");
}

BOOST_AUTO_TEST_CASE(values_come_in_their_order) {
  const auto found = some_routes().find("GET", {"things", "a/b", "parts", "c"});
  BOOST_TEST(found.values == (std::vector<std::string>{"a/b", "c"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(head_is_served_where_get_is) {
  BOOST_TEST(some_routes().find("HEAD", {"things"}).found->method == "GET");
}

BOOST_AUTO_TEST_CASE(another_method_gets_the_list_of_those_that_are) {
  const auto found = some_routes().find("DELETE", {"things"});
  BOOST_TEST(!found.found);
  BOOST_TEST(found.allow == "GET, HEAD, POST");
}

BOOST_AUTO_TEST_CASE(what_no_pattern_fits_is_nothing) {
  for (const auto& path :
       std::vector<std::vector<std::string>>{{},
                                             {""},
                                             {"thing"},
                                             {"things", ""},
                                             {"things", "7", "parts"},
                                             {"things", "7", "parts", "8", "9"},
                                             {"Things"}}) {
    const auto found = some_routes().find("GET", path);
    BOOST_TEST(!found.found);
    BOOST_TEST(found.allow == "");
  }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace chancery::tests
