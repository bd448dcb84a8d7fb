// SPDX-License-Identifier: Apache-2.0
#include "apps/options/endpoint.hpp"

#include "apps/terminal/command_context.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

BOOST_AUTO_TEST_SUITE(endpoint_test)

using namespace chancery::apps;

namespace {

/// The text of the refusal; empty when `text` is accepted.
std::string refusal(endpoint (*parse)(std::string_view, std::string_view),
                    std::string_view text) {
  try {
    parse("--place", text);
  } catch (const usage_error& e) {
    return e.what();
  }
  return {};
}

void refused(endpoint (*parse)(std::string_view, std::string_view),
             std::string_view text, const std::string& word) {
  const auto said = refusal(parse, text);
  BOOST_TEST(said.find(word) != std::string::npos,
             text << ": " << word << " <- " << said);
  BOOST_TEST(said.starts_with("--place: \""));
  BOOST_TEST(said.find('\n') == std::string::npos);
}

} // namespace

BOOST_AUTO_TEST_CASE(an_address_and_a_port_are_read) {
  const auto listen = [](std::string_view text) {
    return parse_listen_endpoint("--listen", text);
  };
  BOOST_TEST((listen("127.0.0.1:7400") == endpoint{"127.0.0.1", 7400}));
  BOOST_TEST((listen("0.0.0.0:0") == endpoint{"0.0.0.0", 0}));
  BOOST_TEST((listen("[::]:65535") == endpoint{"::", 65535}));
  BOOST_TEST((listen("[fe80::1%eth0]:1") == endpoint{"fe80::1%eth0", 1}));
}

BOOST_AUTO_TEST_CASE(a_host_is_an_address_or_a_name) {
  const auto connect = [](std::string_view text) {
    return parse_connect_endpoint("--connect", text);
  };
  BOOST_TEST((connect("10.0.0.1:1") == endpoint{"10.0.0.1", 1}));
  BOOST_TEST((connect("[::1]:7400") == endpoint{"::1", 7400}));
  BOOST_TEST((connect("localhost:7400") == endpoint{"localhost", 7400}));
  BOOST_TEST(
      (connect("a-1.Example.org:7400") == endpoint{"a-1.Example.org", 7400}));
}

BOOST_AUTO_TEST_CASE(what_is_written_is_read_again) {
  for (const std::string text : {"10.0.0.1:1", "[::1]:7400", "a.b:65535"})
    BOOST_TEST(to_text(parse_connect_endpoint("--connect", text)) == text);
}

BOOST_AUTO_TEST_CASE(a_port_is_a_plain_number_in_its_range) {
  for (const std::string text : {"h:", "h:x", "h:-1", "h:+1", "h: 1", "h:1 ",
                                 "h:65536", "h:0x10", "h:99999999999999999999"})
    refused(parse_connect_endpoint, text, "from 1 to 65,535");
  refused(parse_connect_endpoint, "h:0", "from 1 to 65,535");
  refused(parse_listen_endpoint, "127.0.0.1:65536", "from 0 to 65,535");
  refused(parse_connect_endpoint, "", "the port is missing");
  refused(parse_connect_endpoint, "host", "the port is missing");
  refused(parse_connect_endpoint, "[::1]", "the port is missing");
}

BOOST_AUTO_TEST_CASE(an_ipv6_address_needs_its_brackets) {
  refused(parse_connect_endpoint, "::1:7400", "[::1]:7400");
  refused(parse_listen_endpoint, "fe80::1:7400", "[::1]:7400");
  refused(parse_connect_endpoint, "[127.0.0.1]:1", "not an IPv6 address");
  refused(parse_connect_endpoint, "[localhost]:1", "not an IPv6 address");
  refused(parse_connect_endpoint, "[]:1", "not an IPv6 address");
}

BOOST_AUTO_TEST_CASE(one_listens_on_an_address_and_not_on_a_name) {
  for (const std::string text :
       {"localhost:1", ":1", "*:1", "1.2.3:1", "1.2.3.4.5:1", "256.0.0.1:1"})
    refused(parse_listen_endpoint, text, "IP address of this host");
}

BOOST_AUTO_TEST_CASE(what_is_no_host_is_refused) {
  for (const std::string text : {":1", "a b:1", "a/b:1", "https:1/:1", "-a:1",
                                 "1.2.3:1", "256.0.0.1:1", "a\nb:1"})
    BOOST_TEST(!refusal(parse_connect_endpoint, text).empty(), text);
  refused(parse_connect_endpoint, std::string(254, 'a') + ":1", "neither");
  refused(parse_connect_endpoint, "a\nb:1", "neither");
}

BOOST_AUTO_TEST_SUITE_END()
