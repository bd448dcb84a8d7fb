// SPDX-License-Identifier: Apache-2.0
#include "tests/apps/http/http_fixture.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(http_shapes_test)

using namespace chancery;
using tests::raw_http;

struct shape {
  const char* what;
  std::string octets;
  std::vector<int> statuses; ///< of the answers, until the server closes
};

const std::string second = "GET /second HTTP/1.1\r\nHost: h\r\n"
                           "Connection: close\r\n\r\n";

std::string get(const std::string& target) {
  return "GET " + target + " HTTP/1.1\r\nHost: h\r\n\r\n";
}

std::string get_with(const std::string& lines) {
  return "GET / HTTP/1.1\r\nHost: h\r\n" + lines + "\r\n";
}

std::string post_with(const std::string& lines, const std::string& body) {
  return "POST / HTTP/1.1\r\nHost: h\r\n" + lines + "\r\n" + body;
}

std::string chunks(const std::string& octets) {
  return post_with("Transfer-Encoding: chunked\r\n", octets);
}

void check_refused(const std::vector<shape>& shapes) {
  tests::told_requests told;
  const auto options = tests::patient_options();
  apps::http_server server(options, told.handler());
  for (const auto& one : shapes) {
    BOOST_TEST_CONTEXT(one.what) {
      raw_http client(server.port());
      client.send(one.octets + second);
      BOOST_TEST(client.statuses() == one.statuses,
                 boost::test_tools::per_element());
    }
  }
  // A request behind a refused one is never served, nor is a part of one.
  BOOST_TEST(told.served().size() == 0u);
}

void check_served(const std::vector<shape>& shapes) {
  tests::told_requests told;
  apps::http_server server(tests::patient_options(), told.handler());
  for (const auto& one : shapes) {
    BOOST_TEST_CONTEXT(one.what) {
      raw_http client(server.port());
      client.send(one.octets);
      BOOST_TEST(client.statuses() == one.statuses,
                 boost::test_tools::per_element());
    }
  }
}

BOOST_AUTO_TEST_CASE(lengths_that_are_not_clear_are_refused) {
  check_refused({
      {"two lengths",
       post_with("Content-Length: 5\r\nContent-Length: 6\r\n", "hello"),
       {400}},
      {"the same length twice",
       post_with("Content-Length: 5\r\nContent-Length: 5\r\n", "hello"),
       {400}},
      {"a list of lengths",
       post_with("Content-Length: 5, 5\r\n", "hello"),
       {400}},
      {"a length and chunks",
       post_with("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
                 "0\r\n\r\n"),
       {400}},
      {"chunks and a length",
       post_with("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
                 "0\r\n\r\n"),
       {400}},
      {"+5", post_with("Content-Length: +5\r\n", "hello"), {400}},
      {"-1", post_with("Content-Length: -1\r\n", ""), {400}},
      {"5 5", post_with("Content-Length: 5 5\r\n", "hello"), {400}},
      {"0x5", post_with("Content-Length: 0x5\r\n", "hello"), {400}},
      {"no digits", post_with("Content-Length:\r\n", ""), {400}},
      {"2^64",
       post_with("Content-Length: 18446744073709551616\r\n", ""),
       {400}},
      {"2^64 - 1",
       post_with("Content-Length: 18446744073709551615\r\n", ""),
       {413}},
  });
}

BOOST_AUTO_TEST_CASE(other_codings_are_refused) {
  check_refused({
      {"gzip, chunked",
       post_with("Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n"),
       {501}},
      {"identity", post_with("Transfer-Encoding: identity\r\n", ""), {501}},
      {"xchunked", post_with("Transfer-Encoding: xchunked\r\n", ""), {501}},
      {"nothing", post_with("Transfer-Encoding:\r\n", ""), {501}},
      {"twice",
       post_with("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
                 "0\r\n\r\n"),
       {400}},
      {"chunks in HTTP/1.0",
       "POST / HTTP/1.0\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
       "0\r\n\r\n",
       {400}},
  });
}

BOOST_AUTO_TEST_CASE(malformed_headers_are_refused) {
  using namespace std::string_literals;
  check_refused({
      {"a blank before the colon", get_with("A : b\r\n"), {400}},
      {"a folded line", get_with("A: b\r\n c\r\n"), {400}},
      {"a folded line with a tab", get_with("A: b\r\n\tc\r\n"), {400}},
      {"a folded first line", "GET / HTTP/1.1\r\n Host: h\r\n\r\n", {400}},
      {"no colon", get_with("A\r\n"), {400}},
      {"no name", get_with(": b\r\n"), {400}},
      {"a NUL in a value", get_with("A: b\0c\r\n"s), {400}},
      {"a NUL in a name", get_with("A\0: b\r\n"s), {400}},
      {"a bare LF behind a field", get_with("A: b\n"), {400}},
      {"bare LFs alone", "GET / HTTP/1.1\nHost: h\n\n", {400}},
      {"a bare CR in a value", get_with("A: b\rc\r\n"), {400}},
      {"a bare CR as a line's end", get_with("A: b\r"), {400}},
      {"a control character", get_with("A: b\x01\r\n"), {400}},
      {"a DEL", get_with("A: b\x7f\r\n"), {400}},
      {"two empty lines before it", "\r\n\r\n" + get("/"), {400}},
      {"two blanks in the request line",
       "GET  / HTTP/1.1\r\nHost: h\r\n\r\n",
       {400}},
      {"a blank in the target", get("/a b"), {400}},
      {"a method that is no token", "G@T / HTTP/1.1\r\nHost: h\r\n\r\n", {400}},
      {"TLS", "\x16\x03\x01\x02", {400}},
      {"no Host", "GET / HTTP/1.1\r\n\r\n", {400}},
      {"two Hosts", get_with("Host: h\r\n"), {400}},
      {"two Hosts beside an absolute form",
       "GET http://h/ HTTP/1.1\r\nHost: h\r\nHost: h\r\n\r\n",
       {400}},
  });
}

BOOST_AUTO_TEST_CASE(malformed_chunks_are_refused) {
  check_refused({
      {"+5", chunks("+5\r\nhello\r\n0\r\n\r\n"), {400}},
      {"0x5", chunks("0x5\r\nhello\r\n0\r\n\r\n"), {400}},
      {"17 digits", chunks("10000000000000005\r\nhello\r\n0\r\n\r\n"), {400}},
      {"a bare LF behind the size", chunks("5\nhello\r\n0\r\n\r\n"), {400}},
      {"a bare LF behind the chunk", chunks("5\r\nhello\n0\r\n\r\n"), {400}},
      {"a longer chunk", chunks("4\r\nhello\r\n0\r\n\r\n"), {400}},
      {"a blank before the size", chunks(" 5\r\nhello\r\n0\r\n\r\n"), {400}},
      {"no size", chunks("\r\nhello\r\n0\r\n\r\n"), {400}},
      {"a length as a trailer",
       chunks("0\r\nContent-Length: 5\r\n\r\n"),
       {400}},
      {"a chunk of 2^62 octets", chunks("4000000000000000\r\n"), {413}},
      {"extensions of 20,000 octets",
       chunks("5;a=" + std::string(20'000, 'b') + "\r\nhello\r\n0\r\n\r\n"),
       {431}},
  });
}

BOOST_AUTO_TEST_CASE(other_versions_and_forms_are_refused) {
  check_refused({
      {"HTTP/0.9", "GET /\r\n", {400}},
      {"HTTP/2's preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", {400}},
      {"HTTP/2.0", "GET / HTTP/2.0\r\nHost: h\r\n\r\n", {505}},
      {"HTTP/3.0", "GET / HTTP/3.0\r\nHost: h\r\n\r\n", {505}},
      {"HTTP/1.10", "GET / HTTP/1.10\r\nHost: h\r\n\r\n", {400}},
      {"http/1.1", "GET / http/1.1\r\nHost: h\r\n\r\n", {400}},
      {"authority form", "CONNECT h:80 HTTP/1.1\r\nHost: h:80\r\n\r\n", {400}},
      {"asterisk form", "OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n", {400}},
      {"another scheme", get("ftp://h/"), {400}},
      {"user information", get("http://u@h/"), {400}},
      {"another expectation", get_with("Expect: a miracle\r\n"), {417}},
      {"%00", get("/%00"), {400}},
      {"half an octet", get("/%2"), {400}},
      {"a fragment", get("/#a"), {400}},
      {"not UTF-8", get("/%ff"), {400}},
      {"5,000 characters", get("/" + std::string(5'000, 'a')), {414}},
      {"a target without an end", "GET /" + std::string(5'000, 'a'), {414}},
  });
}

BOOST_AUTO_TEST_CASE(long_headers_are_refused) {
  std::string fields;
  for (int i = 0; i < 100; ++i)
    fields += "A: b\r\n";
  check_refused({
      {"101 fields", get_with(fields), {431}},
      {"a field of 17 KiB",
       get_with("A: " + std::string(17 << 10, 'b') + "\r\n"),
       {431}},
      {"a method without an end", std::string(17 << 10, 'G'), {431}},
  });
  fields.erase(0, fields.size() / 100);
  check_served({{"100 fields",
                 "GET / HTTP/1.0\r\nHost: h\r\n" + fields + "\r\n",
                 {200}}});
}

BOOST_AUTO_TEST_CASE(sound_requests_are_served) {
  const auto old = [](const std::string& line) {
    return line + " HTTP/1.0\r\nHost: h\r\n\r\n";
  };
  check_served({
      {"HTTP/1.0", old("GET /"), {200}},
      {"HTTP/1.0, and a second", old("GET /") + second, {200}},
      {"an empty line before it", "\r\n" + second, {200}},
      {"absolute form", old("GET http://h/a"), {200}},
      {"absolute form without a path", old("GET HTTPS://h?a=b"), {200}},
      {"%2F", old("GET /a%2Fb"), {200}},
      {"UTF-8", old("GET /%C3%A4"), {200}},
      {"..", old("GET /../a"), {200}},
      {"4,096 characters", old("GET /" + std::string(4'095, 'a')), {200}},
      {"a body in a GET",
       get_with("Content-Length: 5\r\n") + "hello" + second,
       {200, 200}},
      {"chunks",
       chunks("5;a=\"b\"\r\nhello\r\n00\r\nTrailer: c\r\n\r\n") + second,
       {200, 200}},
      {"CHUNKED",
       post_with("Transfer-Encoding: CHUNKED\r\n", "0\r\n\r\n") + second,
       {200, 200}},
      {"100 is not sent before a body that is there",
       post_with("Expect: 100-Continue\r\nContent-Length: 5\r\n", "hello") +
           second,
       {200, 200}},
      {"an expectation in HTTP/1.0",
       "GET / HTTP/1.0\r\nHost: h\r\nExpect: 100-continue\r\n\r\n",
       {200}},
      {"a refusal of the handler's without a body",
       get("/no") + second,
       {404, 200}},
  });
}

BOOST_AUTO_TEST_CASE(who_expects_100_gets_it_before_the_body_is_sent) {
  tests::told_requests told;
  apps::http_server server(tests::patient_options(), told.handler());
  raw_http client(server.port());
  client.send(post_with("Expect: 100-continue\r\nContent-Length: 5\r\n", ""));
  BOOST_TEST(client.answer().value().status == 100);
  client.send("hello");
  BOOST_TEST(client.answer().value().body == "POST / hello");
}

BOOST_AUTO_TEST_CASE(who_expects_100_gets_a_refusal_without_a_body) {
  tests::told_requests told;
  apps::http_server server(tests::patient_options(), told.handler());
  raw_http client(server.port());
  client.send("POST /no HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\n"
              "Content-Length: 5\r\n\r\n");
  BOOST_TEST(client.statuses() == std::vector<int>{404},
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(the_handler_sees_one_host_and_the_path_alone) {
  tests::told_requests told;
  apps::http_server server(tests::patient_options(), told.handler());
  raw_http client(server.port());
  client.send("GET http://real:80?a=b HTTP/1.0\r\nHost: other\r\n\r\n");
  BOOST_TEST(client.answer().value().status == 200);
  const auto request = told.served().at(0);
  BOOST_TEST(request.text == "/?a=b");
  BOOST_TEST(*apps::find_field(request.fields, "host") == "real:80");
  BOOST_TEST(request.fields.size() == 1u);
  BOOST_TEST(request.peer.address == "127.0.0.1");
  BOOST_TEST(request.peer.loopback);
  BOOST_TEST(!request.peer.tls);
}

BOOST_AUTO_TEST_CASE(any_piece_size_gives_the_same_request) {
  tests::told_requests told;
  apps::http_server server(tests::patient_options(), told.handler());
  raw_http client(server.port());
  const auto octets = chunks("3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n") + get("/a");
  for (const char one : octets)
    client.send(std::string(1, one));
  BOOST_TEST(client.answer().value().body == "POST / hello");
  BOOST_TEST(client.answer().value().body == "GET /a ");
}

BOOST_AUTO_TEST_SUITE_END()
