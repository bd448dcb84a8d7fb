// SPDX-License-Identifier: Apache-2.0
#include "apps/answers/chain_answers.hpp"

#include "crypto/base/base64url.hpp"
#include "tests/apps/ledgers.hpp"

#include <boost/test/unit_test.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

BOOST_AUTO_TEST_SUITE(chain_answers_test)

using namespace chancery;
using json = nlohmann::ordered_json;

namespace {

bool says(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

std::string fault(const json& proof) {
  try {
    apps::proof_from_json(proof.dump());
  } catch (const std::invalid_argument& e) {
    return e.what();
  }
  return "";
}

actors::inclusion_proof proof_of(const tests::small_ledger& ledger,
                                 std::uint64_t index) {
  return actors::prove(ledger.store->read(), index,
                       ledger.store->info().block_size)
      .value();
}

} // namespace

BOOST_AUTO_TEST_CASE(a_blocks_json_holds_its_header_and_says_what_is_in_it) {
  const tests::small_ledger ledger(5);
  const auto block = ledger.block();
  const auto object = apps::block_json(block);
  BOOST_TEST(object["index"] == 0);
  BOOST_TEST(object["count"] == 5);
  BOOST_TEST(object["first_message"] == 0);
  BOOST_TEST(object["time"] == "2026-01-01T00:00:00.000Z");
  BOOST_TEST(object["previous"] == std::string(43, 'A'));
  BOOST_TEST(object["node"] == crypto::to_text(ledger.identity.id()));
  const auto header =
      crypto::base64url_decode(object["header"].get<std::string>()).value();
  BOOST_TEST(
      (crypto::decode_block_header(crypto::bytes_of(header)) == block.header));
  BOOST_TEST(object["hash"] ==
             crypto::to_text(crypto::block_hash(crypto::bytes_of(header))));
  BOOST_TEST(object["signature"].get<std::string>().size() == 86U);
}

BOOST_AUTO_TEST_CASE(a_block_in_words_names_the_first_one) {
  const tests::small_ledger ledger(5);
  const auto text = apps::block_text(ledger.block());
  BOOST_TEST(says(text, "Previous  none, it is the first\n"));
  BOOST_TEST(says(text, "Messages  0 to 4\n"));
  BOOST_TEST(!text.ends_with('\n'));
}

BOOST_AUTO_TEST_CASE(a_messages_json_has_the_bytes_and_what_they_say) {
  tests::small_ledger ledger(2);
  ledger.append(ledger.client.message(ledger.client.payload(3, R"({"n":7})")));
  const auto view = ledger.store->read();
  const auto object = json::parse(
      apps::message_json_line(actors::message_at(view, 1, 2).value()));
  BOOST_TEST(object["index"] == 1);
  BOOST_TEST(object["block"] == 0);
  BOOST_TEST(object["jws"] == ledger.messages[1]);
  BOOST_TEST(object["message"]["seq"] == 2);
  const auto pending = json::parse(
      apps::message_json_line(actors::message_at(view, 2, 2).value()));
  BOOST_TEST(pending["block"].is_null());
  BOOST_TEST(pending["message"]["body"]["n"] == 7);
  BOOST_TEST(pending["receipt"] == crypto::text_of(view.receipt(2).value()));
}

BOOST_AUTO_TEST_CASE(a_message_is_shown_as_it_was_signed) {
  tests::small_ledger ledger(1);
  const std::string body =
      R"({ "total":1.10,"z":12345678901234567890123456789,)"
      R"("a":[1e2, -0.0,1E+2] ,"t":"\u0041\/" })";
  const auto payload = ledger.client.payload(2, body);
  ledger.append(ledger.client.message(payload));
  const auto found = actors::message_at(ledger.store->read(), 1, 1).value();
  BOOST_TEST(says(apps::message_text(found), "Body      " + body + "\n"));
  const auto line = apps::message_json_line(found);
  BOOST_TEST(line.ends_with(",\"message\":" + payload + "}"));
  BOOST_TEST(json::parse(line)["index"] == 1);
}

BOOST_AUTO_TEST_CASE(a_message_of_several_lines_is_shown_on_one) {
  tests::small_ledger ledger(1);
  ledger.append(ledger.client.message(
      ledger.client.payload(2, "{\r\n\t\"a\": \"\\n\",\n\"b\":[]\n}")));
  const auto found = actors::message_at(ledger.store->read(), 1, 1).value();
  BOOST_TEST(says(apps::message_text(found),
                  "Body      {   \"a\": \"\\n\", \"b\":[] }\n"));
  BOOST_TEST(!says(apps::message_json_line(found), "\n"));
}

BOOST_AUTO_TEST_CASE(a_damaged_receipt_leaves_the_line_json) {
  tests::small_ledger ledger(1);
  ledger.append(ledger.client.message(ledger.client.payload(2, "{}")));
  auto found = actors::message_at(ledger.store->read(), 1, 1).value();
  found.receipt = "a\"b\n\xff";
  BOOST_TEST(json::parse(apps::message_json_line(found))["receipt"] ==
             "a\"b\n\xef\xbf\xbd");
}

BOOST_AUTO_TEST_CASE(a_body_cannot_command_the_terminal_that_shows_it) {
  tests::small_ledger ledger(1);
  ledger.append(
      ledger.client.message(ledger.client.payload(2, "\"\\u001b[2J\xc2\x9b"
                                                     "2J\xe2\x82\xac\"")));
  const auto text = apps::message_text(
      actors::message_at(ledger.store->read(), 1, 1).value());
  BOOST_TEST(says(text, R"(Body      "\u001b[2J\u009b2J\u20ac")"));
}

BOOST_AUTO_TEST_CASE(a_stored_text_that_is_no_message_is_damage) {
  const actors::stored_message damaged{
      .index = 7, .compact = "a.b.c", .receipt = "", .block = {}};
  BOOST_CHECK_THROW(apps::message_json_line(damaged), storage::corrupt);
  BOOST_CHECK_THROW(apps::message_text(damaged), storage::corrupt);
}

BOOST_AUTO_TEST_CASE(a_proof_that_was_written_down_is_read_and_holds) {
  for (const std::uint32_t size : {1U, 2U, 5U, 8U}) {
    const tests::small_ledger ledger(size);
    for (std::uint64_t i = 0; i < size; ++i) {
      const auto written = apps::proof_json(proof_of(ledger, i));
      const auto read = apps::proof_from_json(written.dump());
      BOOST_TEST(actors::check_proof(read, ledger.node(),
                                     crypto::single_signatures) == "");
      BOOST_TEST(apps::proof_json(read) == written);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_proof_whose_words_and_bytes_differ_is_refused) {
  const tests::small_ledger ledger(5);
  const auto good = apps::proof_json(proof_of(ledger, 3));
  BOOST_TEST(fault(good) == "");
  const json other_values[]{json(8), json("x"), json()};
  for (const auto& [name, value] : good["block"].items())
    for (const auto& other : other_values) {
      auto wrong = good;
      wrong["block"][name] = other;
      BOOST_TEST(fault(wrong) != "", name);
      wrong["block"].erase(name);
      BOOST_TEST(fault(wrong) != "", name);
    }
  for (const char* name :
       {"index", "leaf", "leaf_index", "tree_size", "path", "block", "jws"}) {
    auto wrong = good;
    wrong.erase(name);
    BOOST_TEST(fault(wrong) != "", name);
    for (const auto& other : other_values) {
      wrong[name] = other;
      if (name != std::string("jws") || !other.is_string())
        BOOST_TEST(fault(wrong) != "", name);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_proof_of_something_else_is_read_and_does_not_hold) {
  const tests::small_ledger ledger(5);
  const auto good = apps::proof_json(proof_of(ledger, 3));
  const auto other = apps::proof_json(proof_of(ledger, 2));
  for (const char* name : {"leaf", "path", "jws"}) {
    auto wrong = good;
    wrong[name] = other[name];
    const auto read = apps::proof_from_json(wrong.dump());
    BOOST_TEST(actors::check_proof(read, ledger.node(),
                                   crypto::single_signatures) != "",
               name);
  }
  const tests::small_ledger foreign(5);
  BOOST_TEST(actors::check_proof(apps::proof_from_json(good.dump()),
                                 foreign.node(),
                                 crypto::single_signatures) != "");
}

BOOST_AUTO_TEST_CASE(text_that_is_no_proof_is_refused) {
  for (const char* text : {"", "{}", "[]", "7", "{", "{\"block\":7}"})
    BOOST_CHECK_THROW(apps::proof_from_json(text), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(a_hash_is_taken_in_each_of_its_forms) {
  crypto::hash_bytes hash{};
  hash[0] = 0xfb; // its text begins with a hyphen
  hash[31] = 7;
  const auto text = crypto::to_text(hash);
  BOOST_REQUIRE(text.starts_with('-'));
  BOOST_TEST((apps::parse_hash(text) == hash));
  BOOST_TEST((apps::parse_hash("id:" + text) == hash));
  std::string hexadecimal;
  for (const auto byte : hash)
    hexadecimal += fmt::format("{:02x}", byte);
  BOOST_TEST((apps::parse_hash(hexadecimal) == hash));
  hexadecimal[0] = 'F';
  BOOST_TEST((apps::parse_hash(hexadecimal) == hash));
  for (const auto& wrong :
       {std::string(), text + "A", text.substr(1), "0x" + hexadecimal,
        hexadecimal.substr(2), "+" + hexadecimal.substr(1),
        hexadecimal.substr(1) + "g", hexadecimal.substr(2) + " 7"})
    BOOST_TEST(!apps::parse_hash(wrong), wrong);
}

BOOST_AUTO_TEST_SUITE_END()
