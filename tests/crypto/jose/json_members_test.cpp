// SPDX-License-Identifier: Apache-2.0
#include "crypto/jose/json_members.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

BOOST_AUTO_TEST_SUITE(json_members_test)

using namespace chancery::crypto;

BOOST_AUTO_TEST_CASE(members_are_exactly_the_required_and_the_optional) {
  const auto check = [](const char* text) {
    return has_members(nlohmann::json::parse(text), {"a", "b"}, {"c"});
  };
  BOOST_TEST(check(R"({"a":1,"b":2})"));
  BOOST_TEST(check(R"({"c":null,"b":2,"a":1})"));
  for (const auto* text :
       {"{}", R"({"a":1})", R"({"a":1,"c":1})", R"({"a":1,"b":2,"d":3})",
        R"({"a":1,"B":2})", R"(["a","b"])", "null", R"("a")", "1"})
    BOOST_TEST(!check(text), text);
}

BOOST_AUTO_TEST_CASE(a_member_of_another_type_is_no_text) {
  const auto json = nlohmann::json::parse(
      R"({"text":"QUJD","number":1,"null":null,"list":["x"],"empty":""})");
  BOOST_TEST(text_member(json, "text").value() == "QUJD");
  BOOST_TEST(text_member(json, "empty").value() == "");
  for (const auto* name : {"number", "null", "list", "missing"})
    BOOST_TEST(!text_member(json, name).has_value(), name);
  BOOST_TEST(octets_member(json, "text", 3).value() == "ABC");
  BOOST_TEST(!octets_member(json, "text", 2).has_value());
  BOOST_TEST(!octets_member(json, "empty", 3).has_value());
  BOOST_TEST(!octets_member(json, "number", 3).has_value());
  std::array<std::byte, 3> octets{};
  BOOST_TEST(read_octets_member(json, "text", octets));
  BOOST_TEST((octets[2] == std::byte{'C'}));
  BOOST_TEST(!read_octets_member(json, "text", std::span(octets).first(2)));
  BOOST_TEST(!read_octets_member(json, "empty", octets));
  BOOST_TEST(!read_octets_member(json, "number", octets));
}

BOOST_AUTO_TEST_CASE(a_number_is_whole_and_not_below_zero) {
  const auto json = nlohmann::json::parse(
      R"({"zero":0,"most":18446744073709551615,"more":18446744073709551616,)"
      R"("point":1.0,"power":1e0,"below":-1,"text":"1","null":null})");
  BOOST_TEST(number_member(json, "zero").value() == 0u);
  BOOST_TEST(number_member(json, "most").value() == UINT64_MAX);
  for (const auto* name :
       {"more", "point", "power", "below", "text", "null", "missing"})
    BOOST_TEST(!number_member(json, name).has_value(), name);
}

BOOST_AUTO_TEST_CASE(what_is_no_object_has_no_members) {
  for (const auto* text : {"null", "1", R"("a")", R"(["a"])"}) {
    const auto json = nlohmann::json::parse(text);
    BOOST_TEST(find_member(json, "a") == nullptr, text);
    BOOST_TEST(!text_member(json, "a").has_value(), text);
    BOOST_TEST(!number_member(json, "a").has_value(), text);
  }
}

BOOST_AUTO_TEST_SUITE_END()
