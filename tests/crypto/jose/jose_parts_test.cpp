// SPDX-License-Identifier: Apache-2.0
#include "crypto/jose/jose_parts.hpp"

#include "tests/crypto/fixture.hpp"
#include "tests/crypto/jose_fixture.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include <stdexcept>

BOOST_AUTO_TEST_SUITE(jose_parts_test)

using namespace chancery::crypto;
using namespace chancery::crypto::test;

BOOST_AUTO_TEST_CASE(a_text_is_split_at_exactly_its_dots) {
  const auto parts = split_compact<3>("a..b");
  BOOST_REQUIRE(parts.has_value());
  BOOST_TEST((*parts)[0] == "a");
  BOOST_TEST((*parts)[1] == "");
  BOOST_TEST((*parts)[2] == "b");
  BOOST_TEST(split_compact<3>("..").has_value());
  for (const auto* text : {"", "a", "a.b", "...", "a.b.c.d"})
    BOOST_TEST(!split_compact<3>(text).has_value(), text);
}

BOOST_AUTO_TEST_CASE(a_header_is_base64url_of_json_and_no_longer_than_1024) {
  BOOST_TEST(parse_jose_header(encode(R"({"a":1})")) ==
             nlohmann::json({{"a", 1}}));
  const auto padded = [](std::size_t size) {
    return encode("{}" + std::string(size - 2, ' '));
  };
  BOOST_CHECK_NO_THROW(parse_jose_header(padded(1024)));
  for (const auto& part :
       {padded(1025), padded(100'000), std::string(), encode("{"), encode(""),
        encode("{}") + "=", encode(R"({"a":1,"a":2})"), std::string("{}")})
    BOOST_CHECK_THROW(parse_jose_header(part), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(what_is_wrong_with_a_header_quotes_nothing_of_it) {
  const auto said =
      complaint([] { parse_jose_header(encode(R"({"secret":secret})")); });
  BOOST_TEST(contains(said, "its header is not valid JSON"), said);
  BOOST_TEST(!contains(said, "secret"), said);
}

BOOST_AUTO_TEST_SUITE_END()
