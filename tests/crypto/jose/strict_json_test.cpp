// SPDX-License-Identifier: Apache-2.0
#include "crypto/jose/strict_json.hpp"

#include "tests/crypto/fixture.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include <stdexcept>

BOOST_AUTO_TEST_SUITE(strict_json_test)

using namespace chancery::crypto;
using namespace chancery::crypto::test;

BOOST_AUTO_TEST_CASE(what_is_valid_reads_as_it_does_elsewhere) {
  for (const auto* text :
       {"null", "true", "-7", "18446744073709551615", "1.5", R"("a\u00e9")",
        "[]", "{}", R"([1,[2,{"a":[3]}],{}])", R"({"a":{"b":1},"c":{"b":2}})",
        R"({"list":[{"x":1},{"x":2},{"x":3}],"after":null})"}) {
    BOOST_TEST((parse_strict_json(text) == nlohmann::json::parse(text)), text);
    BOOST_TEST((parse_secret_json(text).dump() ==
                secret_json::parse(std::string_view(text)).dump()));
  }
}

BOOST_AUTO_TEST_CASE(a_member_that_appears_twice_is_refused_at_any_depth) {
  for (const auto* text :
       {R"({"a":1,"a":1})", R"({"a":1,"b":2,"a":3})", R"([{"a":{},"a":{}}])",
        R"({"x":{"y":[{"a":1,"\u0061":2}]}})", R"({"":0,"":0})",
        R"({"a":null,"a":1})"}) {
    BOOST_TEST(contains(complaint([&] { parse_strict_json(text); }), "twice"),
               text);
    BOOST_CHECK_THROW(parse_secret_json(text), std::invalid_argument);
  }
}

BOOST_AUTO_TEST_CASE(what_is_no_json_is_refused) {
  for (const auto* text :
       {"", " ", "{", "[1", R"({"a")", R"({"a":})", "{}{}", "{} x", "[1,]",
        "NaN", "1e999", "\"\xff\"", "'a'", "{}//", "\"\x01\""})
    BOOST_CHECK_THROW(parse_strict_json(text), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(numbers_that_no_double_holds_are_refused) {
  for (const auto* text :
       {"1e999", "-1e999", "[1e309]", "NaN", "Infinity", "-Infinity", "0x10",
        "01", "+1", "1.", ".5", "1e", "--1", "1_000"})
    BOOST_CHECK_THROW(parse_strict_json(text), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(text_that_is_not_utf_8_is_refused) {
  for (const auto* text :
       {"\"\xff\"", "\"\xc3\"", "\"\xc0\xaf\"", "\"\xe0\x80\xaf\"",
        "\"\xed\xa0\x80\"", "\"\xf4\x90\x80\x80\"", "\"\x80\"", "\xff{}",
        "{\"\xc3\":1}"})
    BOOST_CHECK_THROW(parse_strict_json(text), std::invalid_argument);
  BOOST_TEST(parse_strict_json("\"\xf4\x8f\xbf\xbf\"").is_string());
}

BOOST_AUTO_TEST_CASE(half_of_a_surrogate_pair_is_refused) {
  for (const auto* text :
       {R"("\ud800")", R"("\udc00")", R"("\ud800x")", R"("\ud800\u0041")",
        R"("\ud800\ud800")", R"("\udc00\ud800")", R"({"\udfff":1})"})
    BOOST_CHECK_THROW(parse_strict_json(text), std::invalid_argument);
  BOOST_TEST(parse_strict_json(R"("\ud83d\ude00")").get<std::string>() ==
             "\xf0\x9f\x98\x80");
}

BOOST_AUTO_TEST_CASE(a_byte_order_mark_is_refused) {
  for (const auto* text : {"\xef\xbb\xbf{}", "\xef\xbb\xbf", "\xff\xfe{}"}) {
    BOOST_CHECK_THROW(parse_strict_json(text), std::invalid_argument);
    BOOST_CHECK_THROW(parse_secret_json(text), std::invalid_argument);
  }
}

BOOST_AUTO_TEST_CASE(nothing_hides_behind_a_zero_byte) {
  using namespace std::string_view_literals;
  for (const auto text : {"{}\0"sv, "{}\0{\"a\":1}"sv, "\0"sv, "\0{}"sv,
                          "1\0\0"sv, "[1\0]"sv, "\"a\0b\""sv}) {
    BOOST_CHECK_THROW(parse_strict_json(text), std::invalid_argument);
    BOOST_CHECK_THROW(parse_secret_json(text), std::invalid_argument);
  }
}

BOOST_AUTO_TEST_CASE(deep_nesting_is_refused) {
  const auto nested = [](std::size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
  };
  BOOST_CHECK_NO_THROW(parse_strict_json(nested(32)));
  BOOST_CHECK_THROW(parse_strict_json(nested(33)), std::invalid_argument);
  BOOST_CHECK_THROW(parse_strict_json(nested(1'000'000)),
                    std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(no_error_text_quotes_what_was_read) {
  const auto said = complaint(
      [] { parse_secret_json(R"({"d":"topsecret","e":topsecret})"); });
  BOOST_TEST(!said.empty());
  BOOST_TEST(!contains(said, "secret"));
}

BOOST_AUTO_TEST_SUITE_END()
