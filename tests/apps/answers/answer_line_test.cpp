// SPDX-License-Identifier: Apache-2.0
#include "apps/answers/answer_line.hpp"

#include <boost/test/unit_test.hpp>
#include <stdexcept>

BOOST_AUTO_TEST_SUITE(answer_line_test)

using namespace chancery;
using apps::answer_from_line;
using apps::to_line;

namespace {

actors::ledger_answer refusal(crypto::refusal code, std::string reason) {
  return {.receipt = {},
          .registered = {},
          .refused = code,
          .reason = std::move(reason)};
}

} // namespace

BOOST_AUTO_TEST_CASE(each_kind_of_answer_is_written_as_the_format_says) {
  BOOST_TEST(to_line({.receipt = "a.b.c",
                      .registered = {},
                      .refused = {},
                      .reason = {}}) == R"({"receipt":"a.b.c"})");
  BOOST_TEST(to_line({.receipt = {},
                      .registered = "somebody",
                      .refused = {},
                      .reason = {}}) == R"({"registered":"somebody"})");
  BOOST_TEST(to_line(refusal(crypto::refusal::stale_sequence, "too late")) ==
             R"({"refused":"stale_sequence","reason":"too late"})");
}

BOOST_AUTO_TEST_CASE(an_answer_is_always_one_line_of_utf_8) {
  BOOST_TEST(to_line(refusal(crypto::refusal::internal, "two\nlines \xff")) ==
             "{\"refused\":\"internal\",\"reason\":\"two\\nlines \uFFFD\"}");
}

BOOST_AUTO_TEST_CASE(what_was_written_is_read) {
  BOOST_TEST(answer_from_line(R"({"receipt":"a.b.c"})").receipt == "a.b.c");
  BOOST_TEST(answer_from_line(R"({"registered":"x"})").registered == "x");
  for (int code = 1; code <= static_cast<int>(crypto::refusal::internal);
       ++code) {
    const auto written =
        refusal(static_cast<crypto::refusal>(code), "a sentence");
    const auto read = answer_from_line(to_line(written));
    BOOST_TEST((read.refused == written.refused));
    BOOST_TEST(read.reason == "a sentence");
  }
}

BOOST_AUTO_TEST_CASE(members_of_a_later_version_are_passed_over) {
  const auto answer = answer_from_line(R"({"receipt":"a","node":[1]})");
  BOOST_TEST(answer.receipt == "a");
}

BOOST_AUTO_TEST_CASE(everything_else_is_no_answer) {
  for (const char* line :
       {"", "{", "[]", "7", "{}", R"({"receipt":7})",
        R"({"receipt":"a","registered":"b"})", R"({"receipt":"a"} x)",
        R"({"receipt":"a","receipt":"b"})", R"({"reason":"why"})",
        R"({"refused":"no_such_code","reason":"why"})"})
    BOOST_CHECK_THROW(answer_from_line(line), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
