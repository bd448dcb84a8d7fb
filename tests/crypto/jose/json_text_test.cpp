// SPDX-License-Identifier: Apache-2.0

// The edges of RFC 8259: texts that are valid, though some readers refuse them,
// and texts that are not, though some readers take them.

#include "crypto/jose/json_text.hpp"

#include "tests/crypto/fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

BOOST_AUTO_TEST_SUITE(json_text_test)

using namespace chancery::crypto;
using namespace chancery::crypto::test;
using namespace std::string_view_literals;

namespace {

std::string fault(std::string_view text) {
  return complaint([&] { check_json_text(text); });
}

void all_valid(const std::vector<std::string_view>& texts) {
  for (const auto text : texts)
    BOOST_TEST(fault(text) == "", text << " <- " << fault(text));
}

void none_valid(const std::vector<std::string_view>& texts) {
  for (const auto text : texts)
    BOOST_TEST(fault(text).starts_with("is not JSON: "), text);
}

std::string nested(std::size_t depth) {
  return std::string(depth, '[') + std::string(depth, ']');
}

} // namespace

BOOST_AUTO_TEST_CASE(values_may_stand_alone_with_white_space_around) {
  all_valid({"null", "true", "false", "0", "\"\"", "[]", "{}", " \t\r\n1 ",
             "{}\r", "[ ]", "{ }", "\r\n[\t1 ,\n2 ]", R"({ "a" : [ ] })"});
  none_valid({"", " ", "nul", "nulll", "True", "NULL", "undefined", "1 2",
              "{}{}", "[][]", "null,", "{} x", "\f1", "\v1",
              "\xc2\xa0"
              "1",
              "1//", "/**/1", "1#"});
}

BOOST_AUTO_TEST_CASE(a_number_may_have_any_size) {
  const std::string digits(400, '9');
  all_valid({"1e400", "-1E+400", "1e-400", digits, "0", "-0", "-0.0", "0e0",
             "0E+0", "1.10", "123456789012345678901234567890.5", "1e00007",
             "0.00000000000000000000000000000000000000000000000000001"});
  none_valid({"01",        "-01",  "00",    "+1",          "-",   "--1",
              "1.",        ".5",   "1.e1",  "1e",          "1e+", "1E-",
              "1e1.5",     "0x10", "1_000", "1,5",         "NaN", "Infinity",
              "-Infinity", "-a",   "1a",    "\xef\xbc\x91"});
}

BOOST_AUTO_TEST_CASE(an_escape_may_be_half_of_a_pair) {
  all_valid({R"("\ud800")", R"("\udc00")", R"("\ud800x")", R"("\uD800\ud800")",
             R"("\u0000")", R"("\uFFFF")", R"("\"\\\/\b\f\n\r\t\u00e9")",
             R"({"\udfff":1})"});
  none_valid({R"("\u")", R"("\u12")", R"("\u123")", R"("\u12g4")",
              R"("\U0041")", R"("\x41")", R"("\a")", R"("\0")", R"("\'")",
              R"("\)", R"("\")", R"("\u00)", "\"\\\n\""});
}

BOOST_AUTO_TEST_CASE(a_string_is_closed_and_has_no_control_characters) {
  all_valid({"\"\x7f\"", "\" /'`\"", "\"\xe2\x80\xa8\""});
  none_valid({"\"", "\"a", "'a'", "a", "\"a\"b\"", "\"\n\"", "\"\t\"",
              "\"\x1f\"", "\"\r\"", "\"\0\""sv});
}

BOOST_AUTO_TEST_CASE(text_is_utf_8) {
  all_valid({"\"\xc2\x80\"", "\"\xdf\xbf\"", "\"\xe0\xa0\x80\"",
             "\"\xed\x9f\xbf\"", "\"\xee\x80\x80\"", "\"\xef\xbf\xbf\"",
             "\"\xf0\x90\x80\x80\"", "\"\xf4\x8f\xbf\xbf\"",
             "\"\xef\xbb\xbf\""});
  none_valid({"\"\x80\"",
              "\"\xbf\"",
              "\"\xc0\x80\"",
              "\"\xc1\xbf\"",
              "\"\xc3\"",
              "\"\xc3(\"",
              "\"\xe0\x80\xaf\"",
              "\"\xe0\x9f\xbf\"",
              "\"\xed\xa0\x80\"",
              "\"\xed\xbf\xbf\"",
              "\"\xe2\x82\"",
              "\"\xf0\x80\x80\x80\"",
              "\"\xf0\x8f\xbf\xbf\"",
              "\"\xf4\x90\x80\x80\"",
              "\"\xf5\x80\x80\x80\"",
              "\"\xf0\x90\x80\"",
              "\"\xfe\"",
              "\"\xff\"",
              "{\"\xc3\":1}",
              "\xff",
              "\xc3",
              "[\xe9]"});
}

BOOST_AUTO_TEST_CASE(brackets_commas_and_colons_are_where_they_belong) {
  all_valid({"[1,[2,{\"a\":[3]}],{}]", "[[]]", "[{}]", "{\"\":{}}",
             R"({"a":1,"b":2,"a":3})", R"(["{","["])"});
  none_valid({"[",         "]",          "{",          "}",
              "[1",        "[1,",        "[1,]",       "[,1]",
              "[,]",       "[1,,2]",     "[1 2]",      "[1}",
              "{]",        "[[]",        "[]]",        "{\"a\"}",
              "{\"a\":}",  "{\"a\":1",   "{\"a\":1,}", "{,\"a\":1}",
              "{\"a\" 1}", "{:1}",       "{\"a\"::1}", "{\"a\":1 \"b\":2}",
              "{\"a\",1}", "{a:1}",      "{'a':1}",    "{1:1}",
              "{null:1}",  "{\"a\":1}}", "[\"a\":1]",  "[1:2]",
              "(1)",       "<null>",     "*"});
}

BOOST_AUTO_TEST_CASE(nothing_hides_before_or_behind_it) {
  BOOST_TEST(fault("\xef\xbb\xbf{}") ==
             "is not JSON: it begins with a byte order mark");
  BOOST_TEST(fault("{\"a\":1}\0 not json"sv) ==
             "is not JSON: a zero byte at byte 8");
  none_valid({"\0"sv, "1\0"sv, "\0{}"sv, "[1\0]"sv, "\xff\xfe{\0}\0"sv});
  BOOST_TEST(fault("{} {}") == "is not JSON: more text at byte 4");
}

BOOST_AUTO_TEST_CASE(depth_has_a_limit_of_its_own) {
  BOOST_TEST(fault(nested(json_text_depth_max)) == "");
  BOOST_TEST(fault(nested(json_text_depth_max + 1)) ==
             "is nested deeper than 1024 levels, the limit");
  BOOST_TEST(contains(fault(std::string(1'000'000, '[')), "deeper"));
  std::string objects;
  for (std::size_t i = 0; i < 100'000; ++i)
    objects += "{\"a\":";
  BOOST_TEST(contains(fault(objects), "deeper"));
}

BOOST_AUTO_TEST_CASE(a_fault_is_named_with_its_place_and_not_quoted) {
  BOOST_TEST(fault("[1,2") == "is not JSON: it ends early");
  BOOST_TEST(fault("[1,topsecret]") == "is not JSON: no value at byte 4");
  BOOST_TEST(fault("{\"topsecret\"=1}") ==
             "is not JSON: a colon is missing at byte 13");
  BOOST_TEST(fault("\"\xff\"") ==
             "is not JSON: text that is not UTF-8 at byte 2");
}

BOOST_AUTO_TEST_CASE(every_beginning_of_a_text_is_refused) {
  const std::string_view text =
      R"({"a":[1.5e+10,true,"\u00e9\n"],"b":{"c":null,"d":{}}})";
  BOOST_TEST(fault(text) == "");
  for (std::size_t size = 0; size < text.size(); ++size)
    BOOST_TEST(fault(text.substr(0, size)).starts_with("is not JSON: "),
               text.substr(0, size));
}

BOOST_AUTO_TEST_CASE(blank_is_what_has_white_space_alone) {
  for (const auto text : {"", " ", "\r", "\t \r\n"})
    BOOST_TEST(is_blank_json(text));
  for (const auto text : {"0"sv, "\f"sv, "\0"sv, "\xef\xbb\xbf"sv, " x "sv})
    BOOST_TEST(!is_blank_json(text));
}

BOOST_AUTO_TEST_CASE(a_member_is_found_as_it_was_written) {
  constexpr auto text = R"( { "a" : 1.10 , "b":{"a":[ 1e400 ]},"c\u0064":"x" ,
    "last":	null })"sv;
  BOOST_TEST(member_json(text, "a").value() == "1.10");
  BOOST_TEST(member_json(text, "b").value() == R"({"a":[ 1e400 ]})");
  BOOST_TEST(member_json(text, "cd").value() == R"("x")");
  BOOST_TEST(member_json(text, "last").value() == "null");
  BOOST_TEST(!member_json(text, "z"));
  for (const auto other : {"{}", " { } ", "[\"a\",1]", "1"})
    BOOST_TEST(!member_json(other, "a"));
}

BOOST_AUTO_TEST_CASE(a_member_that_is_there_twice_is_none) {
  for (const auto text : {R"({"a":1,"a":2})", R"({"a":1,"b":2,"\u0061":1})"})
    BOOST_TEST(complaint([&] { member_json(text, "a"); }) ==
               "has two members \"a\"");
  BOOST_TEST(member_json(R"({"a":{"b":1},"b":2,"c":[{"b":3}]})", "b").value() ==
             "2");
}

BOOST_AUTO_TEST_CASE(a_member_says_a_string_or_the_characters_of_a_number) {
  constexpr auto text =
      R"({"s":"\u00e4\"\ud83d\udcc4","n":-0.10e+400,"e":"","b":true,"z":null,)"
      R"("o":{},"l":[],"half":"\ud800","\ud800":1})"sv;
  BOOST_TEST(member_text(text, "s") == "\xc3\xa4\"\xf0\x9f\x93\x84");
  BOOST_TEST(member_text(text, "n") == "-0.10e+400");
  BOOST_TEST(member_text(text, "e") == "");
  const auto refusal = [&](std::string_view json, std::string_view name) {
    return complaint([&] { member_text(json, name); });
  };
  for (const auto name : {"b", "z", "o", "l"})
    BOOST_TEST(
        refusal(text, name).ends_with("that is neither a string nor a number"));
  BOOST_TEST(refusal(text, "half").ends_with("half of a surrogate pair"));
  for (const auto other : {"{}", "[]", "1", R"({"b":{"a":1}})"})
    BOOST_TEST(refusal(other, "a") == "has no member \"a\"");
  BOOST_TEST(refusal(R"({"a":1)", "a") == "is not JSON: it ends early");
  BOOST_TEST(refusal(R"({"a":1,"a":2)", "a") == "is not JSON: it ends early");
  BOOST_TEST(refusal("[1,]", "a") == "is not JSON: no value at byte 4");
  BOOST_TEST(refusal("\xef\xbb\xbf{}", "a") ==
             "is not JSON: it begins with a byte order mark");
  const auto deep = [](std::size_t depth) {
    return R"({"a":1,"b":)" + nested(depth) + "}";
  };
  BOOST_TEST(refusal(deep(json_text_depth_max - 1), "a") == "");
  BOOST_TEST(refusal(deep(json_text_depth_max), "a") ==
             fault(deep(json_text_depth_max)));
  BOOST_TEST(fault(deep(json_text_depth_max)).starts_with("is nested deeper"));
  BOOST_TEST(refusal(R"({"a":1}x)", "a") == "is not JSON: more text at byte 8");
}

BOOST_AUTO_TEST_SUITE_END()
