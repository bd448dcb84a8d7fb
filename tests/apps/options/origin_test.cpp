// SPDX-License-Identifier: Apache-2.0
#include "apps/options/origin.hpp"

#include "apps/terminal/command_context.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

BOOST_AUTO_TEST_SUITE(origin_test)

using namespace chancery::apps;

BOOST_AUTO_TEST_CASE(an_origin_is_written_as_browsers_do) {
  const auto read = [](std::string_view text) {
    return parse_origin("--server", text);
  };
  BOOST_TEST(read("https://ledger.example") == "https://ledger.example");
  BOOST_TEST(read("HTTPS://Ledger.Example") == "https://ledger.example");
  BOOST_TEST(read("https://ledger.example:443") == "https://ledger.example");
  BOOST_TEST(read("http://ledger.example:443") == "http://ledger.example:443");
  BOOST_TEST(read("http://localhost:80") == "http://localhost");
  BOOST_TEST(read("http://127.0.0.1:08080") == "http://127.0.0.1:8080");
  BOOST_TEST(read("https://xn--9ca.example:8443") ==
             "https://xn--9ca.example:8443");
}

BOOST_AUTO_TEST_CASE(anything_else_is_refused_with_the_reason) {
  const auto refused = [](std::string_view text, const std::string& why) {
    try {
      parse_origin("--server", text);
      BOOST_ERROR(text << " is taken");
    } catch (const usage_error& e) {
      const std::string said = e.what();
      BOOST_TEST(said.starts_with("--server: \""), said);
      BOOST_TEST(said.find(why) != std::string::npos, said);
      BOOST_TEST(said.find('\n') == std::string::npos);
    }
  };
  for (const char* text :
       {"", "ledger.example", "ftp://ledger.example", "//ledger.example",
        "https:ledger.example", "javascript:alert(1)", "null", " https://a"})
    refused(text, "begin with https://");
  for (const char* text : {"https://a/", "https://a/page", "https://a?b",
                           "https://a#b", "https://me@a", "https://a\\b"})
    refused(text, "leave out what is not scheme, host and port");
  refused("http://[::1]:8080", "cannot name an IPv6 address");
  for (const char* text :
       {"https://", "https://:8443", "https://a b", "https://a\">",
        "https://a;", "https://a'", "https://a,b", "https://*", "https://*.a",
        "https://a..b", "https://.a", "https://a.", "https://-a", "https://a_b",
        "https://caf\xc3\xa9.example", "https://a\nb", "https://a%2f"})
    refused(text, "its host has to be a name");
  for (const char* text : {"https://a:", "https://a:0", "https://a:65536",
                           "https://a:x", "https://a:-1", "https://a:1:2"})
    refused(text, "its port must be a whole number from 1 to 65,535");
  refused("https://" + std::string(254, 'a'), "its host has to be a name");
}

BOOST_AUTO_TEST_SUITE_END()
