// SPDX-License-Identifier: Apache-2.0

// message_reader.cpp: valid texts are read, and malformed ones are refused.

#include "crypto/ledger/message.hpp"

#include "tests/crypto/fixture.hpp"
#include "tests/crypto/message_cases.hpp"
#include "tests/crypto/message_fixture.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(message_reader_test)

using namespace chancery::crypto;
using namespace chancery::crypto::test;

namespace {

template <class Read>
void refuse_all(const std::vector<bad_case>& cases, Read read) {
  for (const auto& bad : cases)
    BOOST_TEST(code_of([&] { (void)read(bad.text); }) == "bad_schema",
               bad.what);
}

} // namespace

BOOST_AUTO_TEST_CASE(every_malformed_message_is_refused) {
  refuse_all(bad_messages(), message_from_json);
}

BOOST_AUTO_TEST_CASE(every_malformed_registration_is_refused) {
  refuse_all(bad_registrations(), registration_from_json);
}

BOOST_AUTO_TEST_CASE(every_malformed_receipt_is_refused) {
  refuse_all(bad_receipts(), receipt_from_json);
}

BOOST_AUTO_TEST_CASE(every_malformed_set_of_node_keys_is_refused) {
  refuse_all(bad_node_keys(), node_keys_from_json);
}

BOOST_AUTO_TEST_CASE(one_kind_of_payload_is_not_read_as_another) {
  const std::vector<std::string> texts{
      to_json(some_message()), to_json(some_registration()),
      to_json(some_receipt()), to_json(some_node_keys())};
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const auto& text = texts[i];
    const auto expected = [i](std::size_t kind) {
      return i == kind ? "accepted" : "bad_schema";
    };
    BOOST_TEST(code_of([&] { (void)message_from_json(text); }) == expected(0));
    BOOST_TEST(code_of([&] { (void)registration_from_json(text); }) ==
               expected(1));
    BOOST_TEST(code_of([&] { (void)receipt_from_json(text); }) == expected(2));
    BOOST_TEST(code_of([&] { (void)node_keys_from_json(text); }) ==
               expected(3));
  }
}

BOOST_AUTO_TEST_CASE(order_and_white_space_do_not_matter) {
  const auto m = some_message();
  const auto read = message_from_json(
      "\n{ \"body\" : [ 1 , 2.50 , \"\\u0041\" ] ,\t\"node\" : \"" +
      to_text(m.node) +
      "\", \"time\": \"2026-01-01T00:00:00.5Z\",\r\n \"seq\""
      ": 9007199254740991, \"client\":\"" +
      to_text(m.client) + "\", \"v\": 1 } ");
  BOOST_TEST((read.client == m.client));
  BOOST_TEST((read.node == m.node));
  BOOST_TEST(read.sequence == sequence_max);
  BOOST_TEST(read.time == "2026-01-01T00:00:00.5Z");
  BOOST_TEST(read.body == R"([ 1 , 2.50 , "\u0041" ])"); // as it was signed
}

BOOST_AUTO_TEST_CASE(a_body_is_any_json_value) {
  auto m = some_message();
  for (const auto* body :
       {"null", "true", "0", "-1", "1.5", "\"text\"", "[]", "{}",
        R"({"a":{"b":[null,false]}})", "\"\xc3\xa9\""}) {
    m.body = body;
    BOOST_TEST(message_from_json(to_json(m)).body == body);
  }
}

BOOST_AUTO_TEST_CASE(a_message_over_its_limit_is_too_large_and_not_read) {
  const auto text = to_json(some_message());
  const auto padded = text + std::string(payload_size_max - text.size(), ' ');
  BOOST_TEST(code_of([&] { (void)message_from_json(padded); }) == "accepted");
  BOOST_TEST(code_of([&] { (void)message_from_json(padded + " "); }) ==
             "too_large");
  const std::string garbage(payload_size_max + 1, '[');
  BOOST_TEST(code_of([&] { (void)message_from_json(garbage); }) == "too_large");
}

BOOST_AUTO_TEST_CASE(no_refusal_quotes_what_was_sent) {
  const auto good = to_json(some_message());
  for (const auto* from : {"\"v\":1", "\"client\":\"", "\"seq\":1",
                           "\"time\":\"", "\"node\":\"", "\"v\""}) {
    auto text = good;
    text.replace(text.find(from), std::string_view(from).size(),
                 std::string(from) + "topsecret");
    const auto said = complaint([&] { (void)message_from_json(text); });
    BOOST_TEST(!said.empty());
    BOOST_TEST(!contains(said, "topsecret"), said);
  }
}

BOOST_AUTO_TEST_SUITE_END()
