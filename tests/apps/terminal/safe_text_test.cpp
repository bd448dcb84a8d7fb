// SPDX-License-Identifier: Apache-2.0
#include "apps/terminal/safe_text.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

BOOST_AUTO_TEST_SUITE(safe_text_test)

using namespace chancery::apps;

namespace {

const std::string controls[] = {
    "\x01",
    "\x1b",
    "\r",
    "\x7f",             // DEL
    "\xc2\x80",         // the first and last of C1, CSI
    "\xc2\x9b",         //
    "\xc2\x9f",         //
    "\xe2\x80\x8b",     // zero-width space
    "\xe2\x80\x8d",     // zero-width joiner
    "\xe2\x80\x8f",     // right-to-left mark
    "\xe2\x80\xa8",     // line separator
    "\xe2\x80\xa9",     // paragraph separator
    "\xe2\x80\xae",     // right-to-left override
    "\xe2\x81\xa0",     // word joiner
    "\xe2\x81\xa6",     // left-to-right isolate
    "\xd8\x9c",         // Arabic letter mark
    "\xef\xbb\xbf",     // byte order mark
    "\xf3\xa0\x81\x81", // tag
};

} // namespace

BOOST_AUTO_TEST_CASE(every_control_becomes_a_space) {
  for (const auto& c : controls) {
    BOOST_TEST(one_line("a" + c + "b") == "a b");
    BOOST_TEST(safe_lines("a" + c + "b") == "a b");
  }
  BOOST_TEST(one_line("a\tb\nc\n\n") == "a b c");
  BOOST_TEST(safe_lines("a\tb\nc\n") == "a\tb\nc\n");
}

BOOST_AUTO_TEST_CASE(bytes_that_are_not_utf_8_become_question_marks) {
  BOOST_TEST(one_line("a\x9b[2J") == "a?[2J");
  BOOST_TEST(one_line("\xc2") == "?");
  BOOST_TEST(one_line("\xe2\x80z") == "??z");
  BOOST_TEST(one_line("\xc0\x9b") == "??"); // overlong
  BOOST_TEST(one_line("\xed\xa0\x80!") == "?"
                                          "?"
                                          "?!"); // a surrogate
}

BOOST_AUTO_TEST_CASE(words_stay_as_they_are) {
  for (const std::string text :
       {"", "plain", "Rechnung für Ł. Žižek", "請求書", "😀", "~ | \\ \""}) {
    BOOST_TEST(one_line(text) == text);
    BOOST_TEST(safe_lines(text) == text);
  }
}

BOOST_AUTO_TEST_CASE(json_stays_the_same_value_without_controls) {
  for (const auto& c : controls) {
    const nlohmann::json value = {{"k" + c, "für" + c}};
    const auto safe = safe_json(value.dump());
    BOOST_TEST((nlohmann::json::parse(safe) == value));
    BOOST_TEST(safe.find(c) == std::string::npos);
    BOOST_TEST(one_line(safe) == safe);
  }
}

BOOST_AUTO_TEST_SUITE_END()
