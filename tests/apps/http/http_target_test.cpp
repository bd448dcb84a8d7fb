// SPDX-License-Identifier: Apache-2.0
#include "apps/http/http_message.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(http_target_test)

using chancery::apps::http_target;
using texts = std::vector<std::string>;

texts segments_of(std::string_view text) {
  return http_target::parse(text).value().segments;
}

BOOST_AUTO_TEST_CASE(a_path_is_taken_apart_before_it_is_decoded) {
  BOOST_TEST((segments_of("/") == texts{""}));
  BOOST_TEST((segments_of("/a/b%20c") == texts{"a", "b c"}));
  BOOST_TEST((segments_of("/a%2Fb/%2e%2E") == texts{"a/b", ".."}));
  BOOST_TEST((segments_of("/a//b/") == texts{"a", "", "b", ""}));
  BOOST_TEST((segments_of("/a+b") == texts{"a+b"}));
  BOOST_TEST((segments_of("/%c3%A4\xc3\xa4") == texts{"\xc3\xa4\xc3\xa4"}));
  BOOST_TEST((segments_of("/%25%32%35") == texts{"%25"}));
  BOOST_TEST((segments_of("/a?b/c") == texts{"a"}));
}

BOOST_AUTO_TEST_CASE(parameters_keep_their_order_and_their_characters) {
  const auto target =
      http_target::parse("/?a=1&b=c%26d+e&&a=2&f&=g&h=i=j?k/l").value();
  const std::vector<std::pair<std::string, std::string>> expected{
      {"a", "1"}, {"b", "c&d e"}, {"a", "2"},
      {"f", ""},  {"", "g"},      {"h", "i=j?k/l"}};
  BOOST_TEST((target.parameters == expected));
  BOOST_TEST(target.find("a").value() == "1");
  BOOST_TEST(target.find("f").value() == "");
  BOOST_TEST(!target.find("A"));
  BOOST_TEST(http_target::parse("/?").value().parameters.empty());
}

BOOST_AUTO_TEST_CASE(what_is_no_origin_form_is_nothing) {
  for (const std::string text : {"", "*", "a", "h:80", "http://h/", "?a",
                                 "/a b", "/a#b", "/a\tb", "/a\x7f"})
    BOOST_TEST(!http_target::parse(text), text);
  BOOST_TEST(!http_target::parse(std::string_view("/a\0b", 4)));
}

BOOST_AUTO_TEST_CASE(a_percent_sign_begins_an_octet) {
  for (const std::string text : {"/%", "/%2", "/%g0", "/%0g", "/%%30", "/%-1",
                                 "/% 1", "/?%", "/?a=%4", "/?%zz=b"})
    BOOST_TEST(!http_target::parse(text), text);
}

BOOST_AUTO_TEST_CASE(decoded_text_is_utf_8_without_controls) {
  for (const std::string text :
       {"/%00", "/%0a", "/%1F", "/%7f", "/?a=%00", "/?%0d=b", "/%80", "/%c3",
        "/%c3/%a4", "/%c0%80", "/%e0%9f%bf", "/%ed%a0%80", "/%f0%8f%bf%bf",
        "/%f4%90%80%80", "/%f5%80%80%80", "/%ff", "/%e2%82"})
    BOOST_TEST(!http_target::parse(text), text);
  for (const std::string text :
       {"/%c2%80", "/%df%bf", "/%e0%a0%80", "/%ed%9f%bf", "/%ee%80%80",
        "/%f0%90%80%80", "/%f4%8f%bf%bf"})
    BOOST_TEST(http_target::parse(text).has_value(), text);
}

BOOST_AUTO_TEST_SUITE_END()
