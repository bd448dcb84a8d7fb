// SPDX-License-Identifier: Apache-2.0
#include "apps/http/http_answer.hpp"
#include "apps/http/http_message.hpp"
#include "apps/http/http_stream.hpp"

#include <boost/test/unit_test.hpp>

#include <stdexcept>

BOOST_AUTO_TEST_SUITE(http_message_test)

using namespace chancery::apps;

BOOST_AUTO_TEST_CASE(fields_are_found_without_regard_to_case) {
  const http_fields fields{{"Host", "a"}, {"ACCEPT", "b"}, {"accept", "c"}};
  BOOST_TEST(find_field(fields, "Accept").value() == "b");
  BOOST_TEST(find_field(fields, "hOST").value() == "a");
  BOOST_TEST(!find_field(fields, "Hos"));
  BOOST_TEST(!find_field({}, "Host"));
}

BOOST_AUTO_TEST_CASE(members_of_lists_are_found) {
  BOOST_TEST(lists("close", "close"));
  BOOST_TEST(lists("keep-alive, Close", "close"));
  BOOST_TEST(lists(" ,, text/HTML ;q=0.8 , a", "text/html"));
  BOOST_TEST(lists("a;b=\"c, d\", e", "e"));
  BOOST_TEST(!lists("a;b=\"c, d\", e", "d\""));
  BOOST_TEST(!lists("a;b=\"\\\", close\"", "close"));
  BOOST_TEST(!lists("closed", "close"));
  BOOST_TEST(!lists("", "close"));
}

BOOST_AUTO_TEST_CASE(every_fault_has_its_status) {
  BOOST_TEST(status_of(http_fault::bad_request) == 400);
  BOOST_TEST(status_of(http_fault::timeout) == 408);
  BOOST_TEST(status_of(http_fault::length_required) == 411);
  BOOST_TEST(status_of(http_fault::too_large) == 413);
  BOOST_TEST(status_of(http_fault::target_too_long) == 414);
  BOOST_TEST(status_of(http_fault::expectation) == 417);
  BOOST_TEST(status_of(http_fault::header_too_large) == 431);
  BOOST_TEST(status_of(http_fault::internal) == 500);
  BOOST_TEST(status_of(http_fault::not_supported) == 501);
  BOOST_TEST(status_of(http_fault::busy) == 503);
  BOOST_TEST(status_of(http_fault::version) == 505);
}

struct outcome {
  int answered = 0;
  int status = 0;
  int dropped = 0;
};

http_responder responder_for(outcome& told) {
  return {[&told](const http_response& given) {
            ++told.answered;
            told.status = given.status;
          },
          [&told] { ++told.dropped; }};
}

BOOST_AUTO_TEST_CASE(the_first_answer_counts) {
  outcome told;
  {
    const std::vector<http_responder> copies(2, responder_for(told));
    copies[1]({201, {}, ""});
    copies[0]({202, {}, ""});
  }
  BOOST_TEST(told.answered == 1);
  BOOST_TEST(told.status == 201);
  BOOST_TEST(told.dropped == 0);
}

BOOST_AUTO_TEST_CASE(the_last_copy_that_goes_drops_the_request) {
  outcome told;
  auto first = responder_for(told);
  auto second = first;
  first = http_responder();
  BOOST_TEST(told.dropped == 0);
  second = http_responder();
  BOOST_TEST(told.dropped == 1);
  BOOST_TEST(told.answered == 0);
  second({200, {}, ""}); // belongs to no request
}

BOOST_AUTO_TEST_CASE(a_date_is_written_as_http_has_it) {
  const std::chrono::system_clock::time_point time(
      std::chrono::seconds(784'111'777)); // the example of RFC 9110 5.6.7
  BOOST_TEST(http_date(time) == "Sun, 06 Nov 1994 08:49:37 GMT");
}

BOOST_AUTO_TEST_CASE(an_answer_has_its_fields_in_order) {
  const std::chrono::system_clock::time_point time(
      std::chrono::seconds(784'111'777));
  BOOST_TEST(answer_head({404, {{"A", "b"}}, "abc"}, true, time) ==
             "HTTP/1.1 404 Not Found\r\n"
             "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
             "A: b\r\nContent-Length: 3\r\n\r\n");
  BOOST_TEST(answer_head({204, {}, ""}, false, time) ==
             "HTTP/1.1 204 No Content\r\n"
             "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
             "Connection: close\r\n\r\n");
}

BOOST_AUTO_TEST_CASE(an_answer_that_goes_on_has_no_length) {
  const std::chrono::system_clock::time_point time(
      std::chrono::seconds(784'111'777));
  const std::string date = "HTTP/1.1 200 OK\r\n"
                           "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n";
  const http_response answer{
      200, {}, "", chancery::apps::make_http_stream(1).reader};
  BOOST_TEST(answer_head(answer, true, time) ==
             date + "Transfer-Encoding: chunked\r\n\r\n");
  BOOST_TEST(answer_head(answer, false, time, false) ==
             date + "Connection: close\r\n\r\n");
}

BOOST_AUTO_TEST_CASE(pieces_are_chunks) {
  using chancery::apps::as_chunk;
  BOOST_TEST(as_chunk("hello\r\n", false) == "7\r\nhello\r\n\r\n");
  BOOST_TEST(as_chunk(std::string(26, 'x'), true) ==
             "1a\r\n" + std::string(26, 'x') + "\r\n0\r\n\r\n");
  BOOST_TEST(as_chunk("", false) == ""); // an empty chunk would be the last
  BOOST_TEST(as_chunk("", true) == "0\r\n\r\n");
}

BOOST_AUTO_TEST_CASE(an_answer_cannot_be_split) {
  const auto now = std::chrono::system_clock::now();
  const auto with = [now](const http_field& field) {
    return answer_head({200, {field}, ""}, true, now);
  };
  BOOST_CHECK_THROW(with({"A", "b\r\nC: d"}), std::invalid_argument);
  BOOST_CHECK_THROW(with({"A", "b\nC: d"}), std::invalid_argument);
  BOOST_CHECK_THROW(with({"A: b\r\nC", "d"}), std::invalid_argument);
  BOOST_CHECK_THROW(with({"", "d"}), std::invalid_argument);
  BOOST_CHECK_THROW(answer_head({100, {}, ""}, true, now),
                    std::invalid_argument);
  BOOST_CHECK_NO_THROW(with({"A", "\xc3\xa4\tb"}));
}

BOOST_AUTO_TEST_SUITE_END()
