// SPDX-License-Identifier: Apache-2.0

// What json_object shows of a text. That it accepts and refuses what
// parse_strict_json does is in json_object_comparison_test.cpp.

#include "crypto/jose/json_object.hpp"

#include "tests/crypto/fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <stdexcept>
#include <string>

BOOST_AUTO_TEST_SUITE(json_object_test)

using namespace chancery::crypto;
using namespace chancery::crypto::test;
using namespace std::string_view_literals;

BOOST_AUTO_TEST_CASE(values_are_the_characters_of_the_text) {
  const auto text = R"( { "a" : 1.10 ,"b":{"c":[ 1 ]},
    "d":	null, "e":"x" } )"sv;
  const json_object object(text);
  BOOST_TEST(object.members().size() == 4u);
  BOOST_TEST(find_member(object, "a")->json == "1.10");
  BOOST_TEST(find_member(object, "b")->json == R"({"c":[ 1 ]})");
  BOOST_TEST(find_member(object, "d")->json == "null");
  BOOST_TEST(find_member(object, "e")->json == R"("x")");
  BOOST_TEST(find_member(object, "c") == nullptr);
  const auto* inside = find_member(object, "b")->json.data();
  BOOST_TEST((text.data() < inside && inside < text.data() + text.size()));
  const json_object nested(find_member(object, "b")->json);
  BOOST_TEST(find_member(nested, "c")->json == "[ 1 ]");
}

BOOST_AUTO_TEST_CASE(names_and_strings_lose_their_escapes) {
  const json_object object(
      R"({"\u0061\/":"\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00",)"
      R"("b\u0000":"\u0000"})");
  BOOST_TEST(text_member(object, "a/").value() ==
             "\"\\/\b\f\n\r\t\xc3\xa9\xf0\x9f\x98\x80");
  BOOST_TEST(object.members()[1].name == "b\0"sv);
  BOOST_TEST(object.members()[1].text == "\0"sv);
}

BOOST_AUTO_TEST_CASE(a_moved_object_keeps_its_members) {
  json_object from(R"({"\u0061":"\u0062","c":"d"})");
  const auto to = std::move(from);
  BOOST_TEST(text_member(to, "a").value() == "b");
  BOOST_TEST(text_member(to, "c").value() == "d");
}

BOOST_AUTO_TEST_CASE(a_member_of_another_type_is_neither_text_nor_number) {
  const json_object object(
      R"({"text":"7","zero":0,"most":18446744073709551615,)"
      R"("more":18446744073709551616,"point":1.0,"power":1e0,"below":-1,)"
      R"("minus":-0,"null":null,"list":["7"],"object":{"text":"7"}})");
  BOOST_TEST(text_member(object, "text").value() == "7");
  BOOST_TEST(number_member(object, "zero").value() == 0u);
  BOOST_TEST(number_member(object, "most").value() == UINT64_MAX);
  for (const auto* name : {"zero", "null", "list", "object", "missing"})
    BOOST_TEST(!text_member(object, name).has_value(), name);
  for (const auto* name : {"text", "more", "point", "power", "below", "minus",
                           "null", "list", "object", "missing"})
    BOOST_TEST(!number_member(object, name).has_value(), name);
}

BOOST_AUTO_TEST_CASE(its_members_are_exactly_the_required_and_the_optional) {
  const auto check = [](std::string_view text) {
    return has_members(json_object(text), {"a", "b"}, {"c"});
  };
  BOOST_TEST(check(R"({"a":1,"b":2})"));
  BOOST_TEST(check(R"({"c":null,"b":2,"\u0061":1})"));
  for (const auto* text :
       {"{}", R"({"a":1})", R"({"a":1,"c":1})", R"({"a":1,"b":2,"d":3})",
        R"({"a":1,"B":2})", R"(["a","b"])", "null", R"("a")", "1"})
    BOOST_TEST(!check(text), text);
}

BOOST_AUTO_TEST_CASE(another_value_has_no_members_and_is_checked) {
  for (const auto* text : {"null", "1", R"("a")", R"([{"a":1}])", "{}"})
    BOOST_TEST(json_object(text).members().empty(), text);
  for (const auto* text : {"", "nul", "01", R"("a)", R"([{"a":1,"a":1}])"})
    BOOST_CHECK_THROW(json_object{text}, std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(many_names_are_compared_too) {
  std::string members;
  for (int i = 0; i < 5'000; ++i)
    members += "\"" + std::to_string(i * 7'919 % 5'000) + "\":0,";
  const auto body = [&](const std::string& last) {
    return "{\"body\":{" + members + "\"" + last + "\":0}}";
  };
  const auto good = body("last");
  BOOST_TEST(json_object(good).members().size() == 1u);
  for (const auto* again : {"0", "4999", "17", "\\u0030"})
    BOOST_TEST(contains(complaint([&] { json_object{body(again)}; }), "twice"),
               again);
}

BOOST_AUTO_TEST_SUITE_END()
