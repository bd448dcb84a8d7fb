// SPDX-License-Identifier: Apache-2.0
#include "apps/api/record_body.hpp"

#include "apps/api/problem.hpp"
#include "crypto/base/base64url.hpp"
#include "crypto/base/bytes.hpp"

#include <boost/test/unit_test.hpp>

namespace chancery::tests {

BOOST_AUTO_TEST_SUITE(record_body_test)

namespace {

using actors::submitted_record;
using apps::line_fault;
using apps::read_record;
using apps::record_line;

/// The problem's code; empty when the body is read.
template <class Read>
std::string refused(Read read) {
  try {
    read();
  } catch (const apps::problem& why) {
    return std::string(why.kind().code);
  }
  return {};
}

std::string code(std::string_view body) {
  return refused([&] { read_record(body); });
}

std::string lines_code(std::string_view body) {
  return refused([&] { apps::read_record_lines(body); });
}

const submitted_record& record(const record_line& line) {
  return std::get<submitted_record>(line);
}

const std::string& reason(const record_line& line) {
  return std::get<line_fault>(line).reason;
}

std::string text_body(std::size_t size) {
  return R"({"text":")" + std::string(size, 'x') + "\"}";
}

} // namespace

BOOST_AUTO_TEST_CASE(a_record_is_text_or_octets) {
  const auto text = read_record(R"({"name":"INV-17","text":"{\"a\":17}"})");
  BOOST_TEST(text.name == "INV-17");
  BOOST_TEST(text.bytes == R"({"a":17})");
  const auto data = read_record(R"({"data":"AP-A"})");
  BOOST_TEST(data.name == "");
  BOOST_TEST(data.bytes == std::string("\0\xff\x80", 3));
  BOOST_TEST(read_record(R"({"text":""})").bytes == "");
  BOOST_TEST(read_record(R"({"text":"\u0000\u00e4"})").bytes ==
             std::string("\0\xc3\xa4", 3));
}

BOOST_AUTO_TEST_CASE(what_is_no_record_is_refused) {
  for (const auto* body : {"",
                           " ",
                           "null",
                           "[]",
                           "17",
                           R"("text")",
                           "{}",
                           R"({"name":"a"})",
                           R"({"text":"a","data":"YQ"})",
                           R"({"text":"a","text":"a"})",
                           R"({"text":"a","colour":"red"})",
                           R"({"text":7})",
                           R"({"text":null})",
                           R"({"data":["YQ"]})",
                           R"({"data":"YQ=="})",
                           R"({"data":"YR"})",
                           R"({"data":"Y Q"})",
                           R"({"text":"a"}{})",
                           R"({"text":"a",})",
                           R"({"text":"a")",
                           "{\"text\":\"\xff\"}",
                           R"({"text":"\ud800"})",
                           "{\"text\":\"a\nb\"}",
                           "\xef\xbb\xbf{\"text\":\"a\"}",
                           R"({"Text":"a"})",
                           R"({"name":null,"text":"a"})",
                           R"({"name":"","text":"a"})",
                           R"({"name":" a","text":"a"})",
                           R"({"name":"a\u200bb","text":"a"})",
                           R"({"name":7,"text":"a"})"})
    BOOST_TEST(code(body) == "bad_parameter", body);
  BOOST_TEST(code(std::string("{\"text\":\"a\"}\0", 13)) == "bad_parameter");
  BOOST_TEST(code(R"({"name":")" + std::string(256, 'n') +
                  R"(","text":"a"})") == "bad_parameter");
}

BOOST_AUTO_TEST_CASE(a_record_has_16_mib_at_most) {
  constexpr std::size_t most = std::size_t{16} << 20;
  BOOST_TEST(code(text_body(most)) == "");
  BOOST_TEST(code(text_body(most + 1)) == "too_large");
  const std::string data(most + 1, 'x');
  BOOST_TEST(code(R"({"data":")" +
                  crypto::base64url_encode(crypto::bytes_of(data)) + "\"}") ==
             "too_large");
}

BOOST_AUTO_TEST_CASE(each_line_is_a_record_or_says_why_not) {
  const auto lines = apps::read_record_lines(
      "{\"text\":\"a\"}\r\n\n{\"data\":\"!\"}\n\r\n{\"name\":\"b\","
      "\"text\":\"c\"}");
  BOOST_REQUIRE(lines.size() == 5u);
  BOOST_TEST(record(lines[0]).bytes == "a");
  BOOST_TEST(reason(lines[1]) == "the line is empty");
  BOOST_TEST(reason(lines[2]) == "the member \"data\" is not base64url");
  BOOST_TEST(reason(lines[3]) == "the line is empty");
  BOOST_TEST(record(lines[4]).name == "b");
  for (const auto& line : lines)
    if (const auto* fault = std::get_if<line_fault>(&line))
      BOOST_TEST(fault->code == "bad_line");
}

BOOST_AUTO_TEST_CASE(the_last_line_may_end_with_a_line_break) {
  BOOST_TEST(apps::read_record_lines(R"({"text":"a"})").size() == 1u);
  BOOST_TEST(apps::read_record_lines("{\"text\":\"a\"}\n").size() == 1u);
  BOOST_TEST(apps::read_record_lines("{\"text\":\"a\"}\n\n").size() == 2u);
  BOOST_TEST(apps::read_record_lines("\n").size() == 1u);
  BOOST_TEST(lines_code("") == "bad_parameter");
}

BOOST_AUTO_TEST_CASE(a_request_has_10_000_lines_at_most) {
  const std::string most(10'000, '\n');
  BOOST_TEST(apps::read_record_lines(most).size() == 10'000u);
  BOOST_TEST(lines_code(most + "\n") == "too_large");
  BOOST_TEST(lines_code(most + "x") == "too_large");
}

BOOST_AUTO_TEST_CASE(two_lines_of_a_name_are_the_same_record_or_a_fault) {
  auto lines = apps::read_record_lines(
      "{\"name\":\"a\",\"text\":\"1\"}\n{\"text\":\"1\"}\n"
      "{\"name\":\"a\",\"data\":\"MQ\"}\n{\"name\":\"a\",\"text\":\"2\"}\n"
      "{\"text\":\"2\"}\n{\"name\":\"b\",\"text\":\"2\"}\nx\n");
  apps::refuse_repeated_names(lines);
  for (const auto good : {0, 1, 2, 4, 5})
    BOOST_TEST(lines.at(static_cast<std::size_t>(good)).index() == 0u, good);
  BOOST_TEST(reason(lines[3]) == "line 1 has the same name and other bytes");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace chancery::tests
