// SPDX-License-Identifier: Apache-2.0
// The field Idempotency-Key of POST /v1/records.
#include "intake_world.hpp"

#include <boost/test/unit_test.hpp>

namespace chancery::tests {

BOOST_FIXTURE_TEST_SUITE(idempotency_test, intake_world)

namespace {

http_fields keyed(const std::string& value) {
  return {{"Idempotency-Key", value}};
}

} // namespace

BOOST_AUTO_TEST_CASE(without_the_field_there_is_no_mark) {
  post(octets, "x");
  BOOST_TEST(!submitted->mark);
}

BOOST_AUTO_TEST_CASE(a_key_stands_with_or_without_quotes) {
  const auto mark = [&](const std::string& value) {
    post(octets, "x", "", keyed(value));
    return submitted->mark->key;
  };
  const std::string nobody(1, '\0');
  BOOST_TEST(mark("12345678") == nobody + "12345678");
  BOOST_TEST(mark("\"12345678\"") == nobody + "12345678");
  BOOST_TEST(mark(R"("1234\"\\78")") == nobody + R"(1234"\78)");
  BOOST_TEST(mark(R"(1234"\78)") == nobody + R"(1234"\78)");
  BOOST_TEST(mark(std::string(255, '~')) == nobody + std::string(255, '~'));
}

BOOST_AUTO_TEST_CASE(what_is_no_key_is_refused) {
  for (const auto& wrong :
       {std::string(), std::string("1234567"), std::string("\"1234567\""),
        std::string(256, 'k'), std::string("1234 5678"),
        std::string("1234\t5678"), std::string("12345678\x7f"),
        std::string("12345678\xc3\xa4"), std::string("\"12345678"),
        std::string("\"1234\"5678\""), std::string(R"("1234567\")"),
        std::string(R"("1234\5678")"), std::string("\"")})
    BOOST_TEST(is_problem(post(octets, "x", "", keyed(wrong)), "bad_parameter"),
               wrong);
  const http_fields two{{"Idempotency-Key", "12345678"},
                        {"idempotency-key", "12345678"}};
  BOOST_TEST(is_problem(post(octets, "x", "", two), "bad_parameter"));
  BOOST_TEST(!submitted);
}

BOOST_AUTO_TEST_CASE(a_key_belongs_to_its_token) {
  limit_to("INV-");
  post(octets, "x", "?name=INV-1", keyed("12345678"));
  BOOST_TEST(submitted->mark->key == std::string("limited\0", 8) + "12345678");
}

BOOST_AUTO_TEST_CASE(the_fingerprint_is_of_all_that_makes_requests_equal) {
  std::vector<std::array<std::uint8_t, 32>> seen;
  const auto print = [&](std::string_view type, const std::string& body,
                         const std::string& query) {
    post(type, body, query, keyed("12345678"));
    return submitted->mark->fingerprint;
  };
  const auto first = print(one_object, R"({"text":"a"})", "");
  BOOST_TEST((first ==
              print("Application/JSON; charset=utf-8", R"({"text":"a"})", "")));
  seen.push_back(first);
  seen.push_back(print(many_lines, R"({"text":"a"})", ""));
  seen.push_back(print(octets, R"({"text":"a"})", ""));
  seen.push_back(print(one_object, R"({"text":"b"})", ""));
  seen.push_back(print(one_object, R"( {"text":"a"})", ""));
  seen.push_back(print(one_object, R"({"text":"a"})", "?wait=0"));
  seen.push_back(print(octets, "1", "?name=a"));
  seen.push_back(print(octets, "1", "?name=%61"));
  std::ranges::sort(seen);
  BOOST_TEST((std::ranges::adjacent_find(seen) == seen.end()));
}

BOOST_AUTO_TEST_CASE(a_replayed_answer_says_so) {
  const auto fresh = post(octets, "x", "?name=a", keyed("12345678"));
  BOOST_TEST(field(fresh, "Idempotent-Replay") == "(none)");
  submit = [](const auto&, const auto& reply) {
    reply({.records = {{.id = 0}}, .replayed = true});
  };
  const auto again = post(octets, "x", "?name=a", keyed("12345678"));
  BOOST_TEST(field(again, "Idempotent-Replay") == "true");
  BOOST_TEST(again.status == 201);
  BOOST_TEST(again.body == fresh.body);
  const auto lines =
      post(many_lines, R"({"name":"a","text":"x"})", "", keyed("12345679"));
  BOOST_TEST(field(lines, "Idempotent-Replay") == "true");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace chancery::tests
