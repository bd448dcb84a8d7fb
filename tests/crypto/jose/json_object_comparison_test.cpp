// SPDX-License-Identifier: Apache-2.0

// json_object gives the verdicts, values and error texts of parse_strict_json:
// on listed edges, on the ledger's malformed payloads, and on generated texts
// and mutations of them. The fuzz target `json` compares the same on others.

#include "tests/crypto/fixture.hpp"
#include "tests/crypto/json_comparison.hpp"
#include "tests/crypto/message_cases.hpp"
#include "tests/crypto/message_fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <random>
#include <string>
#include <vector>

BOOST_AUTO_TEST_SUITE(json_object_comparison_test)

using namespace chancery::crypto;
using namespace chancery::crypto::test;
using namespace std::string_view_literals;

namespace {

void agree_on(std::string_view text) {
  const auto difference = json_difference_anywhere(text);
  BOOST_TEST(difference == "", difference << ": " << text);
}

/// Random JSON, with what is hard to read in it more often than elsewhere.
class json_writer {
 public:
  explicit json_writer(std::mt19937& random) : random_(random) {}

  std::string value(int depth) {
    switch (below(depth > 0 ? 6 : 4)) {
    case 0:
      return one_of(words);
    case 1:
      return one_of(numbers);
    case 2:
    case 3:
      return string();
    case 4:
      return list('[', ']', [&] { return value(depth - 1); });
    default:
      return object(depth);
    }
  }

  std::string object(int depth) {
    return list('{', '}', [&] {
      return string() + space() + ":" + space() + value(depth - 1);
    });
  }

  /// Replaces, removes, adds or repeats some of it.
  std::string changed(std::string text) {
    const auto at = below(text.size() + 1);
    switch (below(5)) {
    case 0:
      return text.substr(0, at);
    case 1:
      return text.erase(at, 1 + below(3));
    case 2:
      return text.insert(at, one_of(pieces));
    case 3:
      return text.insert(at, text.substr(below(at + 1), 1 + below(20)));
    default:
      if (at < text.size())
        text[at] = static_cast<char>(below(256));
      return text;
    }
  }

  std::size_t below(std::size_t end) { return random_() % end; }

 private:
  using list_of_texts = std::vector<std::string>;

  const std::string& one_of(const list_of_texts& texts) {
    return texts[below(texts.size())];
  }

  std::string space() {
    static const list_of_texts spaces{"", "", "", " ", "\n", "\t\r"};
    return one_of(spaces);
  }

  std::string string() {
    std::string text = "\"";
    for (auto count = below(6); count > 0; --count)
      text += one_of(pieces);
    return text + "\"";
  }

  template <class Item>
  std::string list(char begin, char end, Item item) {
    auto text = space() + begin + space();
    for (auto count = below(5), i = count; i > 0; --i)
      text += (i < count ? space() + "," + space() : "") + item();
    return text + space() + end + space();
  }

  static inline const list_of_texts words{"null", "true", "false"};
  static inline const list_of_texts numbers{
      "0",    "-0",    "-1",   "9007199254740992",     "18446744073709551616",
      "1.50", "1e5",   "-0.0", "-9223372036854775809", "1E+300",
      "1e-7", "1e308", "0e999"};
  static inline const list_of_texts pieces{"a",
                                           "b",
                                           "\\u0061",
                                           "\\n",
                                           "\\\"",
                                           "\\\\",
                                           "\\/",
                                           "\\ud83d\\ude00",
                                           "\\u0000",
                                           "\\ud83d",
                                           "\\udc00",
                                           "\xc3\xa9",
                                           "\xe4\xb8\xad",
                                           "\xf0\x9f\x98\x80",
                                           "\x7f",
                                           "a longer piece of text"};
  std::mt19937& random_;
};

} // namespace

BOOST_AUTO_TEST_CASE(they_agree_about_the_shapes_of_json) {
  for (const auto text : {""sv,
                          " "sv,
                          "{"sv,
                          "}"sv,
                          "{}"sv,
                          "{} "sv,
                          "{}{}"sv,
                          "{} x"sv,
                          "{},"sv,
                          "[1"sv,
                          "[1,]"sv,
                          "[,1]"sv,
                          "[1 2]"sv,
                          "[1}"sv,
                          "{]"sv,
                          "{\"a\"}"sv,
                          "{\"a\":}"sv,
                          "{\"a\":1"sv,
                          "{\"a\":1,}"sv,
                          "{,\"a\":1}"sv,
                          "{\"a\" 1}"sv,
                          "{\"a\"::1}"sv,
                          "{a:1}"sv,
                          "{1:1}"sv,
                          "[\"a\":1]"sv,
                          "{\"a\":1 \"b\":2}"sv,
                          "nul"sv,
                          "nulll"sv,
                          "True"sv,
                          "tru}"sv,
                          "{\"a\":nullx}"sv,
                          "'a'"sv,
                          "\f1"sv,
                          "/**/{}"sv,
                          "\xef\xbb\xbf{}"sv,
                          "\xef\xbb{}"sv,
                          "\xef{}"sv,
                          "\xff\xfe{}"sv,
                          "{}\0"sv,
                          "{\"a\":\0}"sv,
                          "\0"sv,
                          "{\"a\":\"\0\"}"sv,
                          "\xc2\xa0{}"sv,
                          "{\v}"sv})
    agree_on(text);
}

// In a run of eight, and in what is left.
BOOST_AUTO_TEST_CASE(they_agree_about_every_octet_at_every_place_of_a_string) {
  for (std::size_t place = 0; place < 10; ++place)
    for (int octet = 0; octet < 0x82; ++octet) {
      std::string text = "{\"a\":\"ten octets\"}";
      text[6 + place] = static_cast<char>(octet);
      const auto difference = json_difference(text);
      BOOST_REQUIRE_MESSAGE(difference.empty(), difference << ": " << text);
    }
}

BOOST_AUTO_TEST_CASE(they_agree_about_utf_8_and_escapes) {
  for (const auto* inside : {"\xc2\x80",
                             "\xdf\xbf",
                             "\xe0\xa0\x80",
                             "\xed\x9f\xbf",
                             "\xee\x80\x80",
                             "\xef\xbf\xbf",
                             "\xf0\x90\x80\x80",
                             "\xf4\x8f\xbf\xbf",
                             "\x80",
                             "\xbf",
                             "\xc0\x80",
                             "\xc1\xbf",
                             "\xc3",
                             "\xc3(",
                             "\xe0\x80\xaf",
                             "\xe0\x9f\xbf",
                             "\xed\xa0\x80",
                             "\xe2\x82",
                             "\xf0\x80\x80\x80",
                             "\xf0\x8f\xbf\xbf",
                             "\xf4\x90\x80\x80",
                             "\xf5\x80\x80\x80",
                             "\xf0\x90\x80",
                             "\xfe",
                             R"(\u0041)",
                             R"(\uFFFF)",
                             R"(\ud7ff)",
                             R"(\ue000)",
                             R"(\ud800)",
                             R"(\udbff)",
                             R"(\udc00)",
                             R"(\udfff)",
                             R"(\ud800x)",
                             R"(\ud800\)",
                             R"(\ud800\u)",
                             R"(\ud800\udbff)",
                             R"(\ud800\ue000)",
                             R"(\ud800\udc00)",
                             R"(\uDBFF\uDFFF)",
                             R"(\ud800\ud800)",
                             R"(\ud800\u0041)",
                             R"(\udc00\ud800)",
                             R"(\u)",
                             R"(\u12)",
                             R"(\u12g4)",
                             R"(\u-123)",
                             R"(\u+123)",
                             R"(\u 123)",
                             R"(\u0x1)",
                             R"(\U0041)",
                             R"(\x41)",
                             R"(\a)",
                             R"(\0)",
                             R"(\')",
                             R"(\)",
                             R"(\")",
                             R"(\\)",
                             R"(\/)",
                             R"(\b\f\n\r\t)",
                             "\\\n"})
    for (const std::string before : {"", "seven..", "more than eight"}) {
      agree_on("\"" + before + inside + "\"");
      agree_on("{\"" + before + inside + "\":1}");
      agree_on("\"" + before + inside); // without its end
    }
}

BOOST_AUTO_TEST_CASE(they_agree_about_numbers) {
  const std::string nines(307, '9');
  for (const auto& number :
       std::vector<std::string>{"0",
                                "-0",
                                "-",
                                "--1",
                                "+1",
                                "01",
                                "-01",
                                "00",
                                "1.",
                                ".5",
                                "1.e1",
                                "1e",
                                "1e+",
                                "1E-",
                                "1e1.5",
                                "0x10",
                                "1_000",
                                "1a",
                                "NaN",
                                "Infinity",
                                "18446744073709551615",
                                "18446744073709551616",
                                "-9223372036854775808",
                                "-9223372036854775809",
                                "0.0",
                                "1e0",
                                "10e-1",
                                "1e307",
                                "1e308",
                                "1.7976931348623157e308",
                                "1.7976931348623158e308",
                                "1.7976931348623159e308",
                                "1e309",
                                "-1e309",
                                "1e999",
                                "0e999",
                                "0e99999",
                                "1e-999",
                                "1e00000001",
                                "1e4294967295",
                                "1e4294967296",
                                "1e18446744073709551615",
                                "1e-18446744073709551616",
                                "0." + nines + "e309",
                                nines,
                                nines + "9",
                                nines + "99",
                                "-" + nines + "99",
                                nines + "99e-1",
                                nines + ".5e1",
                                nines + ".5e2",
                                "1" + std::string(308, '0'),
                                "2" + std::string(308, '0'),
                                nines + nines,
                                "0." + nines + nines,
                                nines + nines + "e-400"}) {
    agree_on(number);
    agree_on("[" + number + "]");
  }
}

BOOST_AUTO_TEST_CASE(they_agree_about_names_that_appear_twice) {
  for (const auto* text :
       {R"({"a":1,"a":1})", R"({"a":1,"b":2,"a":3})", R"([{"a":{},"a":{}}])",
        R"({"x":{"y":[{"a":1,"\u0061":2}]}})", R"({"":0,"":0})",
        R"({"a":{"a":{"a":1}}})", R"({"a":{"b":1},"b":{"a":1},"c":1})",
        R"([{"a":1},{"a":1}])", R"({"b":{"a":1},"a":{"a":1,"b":{"a":1}}})",
        R"({"a":{"b":1,"c":[{"b":1}]},"b":{"b":1},"c":1,"a":1})",
        R"({"a\u0000b":1,"a\u0000c":2})", R"({"a\u0000b":1,"a\u0000b":2})",
        R"({"a":1,"a")", R"({"a":1,"a" 1})", R"({"a":1,"b":{"c":2,"c"}})"})
    agree_on(text);
}

BOOST_AUTO_TEST_CASE(they_agree_about_depth) {
  for (std::size_t depth = 29; depth < 35; ++depth)
    for (const auto* open : {"[", "{\"a\":", "[{\"a\":"}) {
      std::string text;
      for (std::size_t i = 0; i < depth; ++i)
        text += open;
      agree_on(text);
    }
  for (std::size_t depth = 29; depth < 35; ++depth)
    agree_on(std::string(depth, '[') + "1" + std::string(depth, ']'));
  agree_on(std::string(100'000, '['));
}

BOOST_AUTO_TEST_CASE(they_agree_about_the_ledgers_payloads) {
  for (const auto& text : {to_json(some_message()), to_json(some_receipt())})
    for (std::size_t size = 0; size <= text.size(); size += 3)
      agree_on(text.substr(0, size));
  for (const auto& cases : {bad_messages(), bad_receipts()})
    for (const auto& bad : cases)
      agree_on(bad.text);
}

BOOST_AUTO_TEST_CASE(they_agree_about_generated_texts) {
  std::mt19937 random(7);
  json_writer writer(random);
  for (int i = 0; i < 1'000; ++i) {
    auto text = writer.object(4);
    agree_on(text);
    for (auto changes = writer.below(4); changes > 0; --changes) {
      text = writer.changed(text);
      agree_on(text);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
