// SPDX-License-Identifier: Apache-2.0

// Damage to messages, sequences and receipts, each found by the rule that
// should find it. Messages 8 to 10 are in no block yet, so no root check
// interferes.
#include "tests/actors/ledger_fixture.hpp"

#include "crypto/base/bytes.hpp"

#include <boost/test/unit_test.hpp>

#include <functional>

namespace message_check_test {

using namespace chancery;
using namespace chancery::tests;

namespace {

struct fixture : ledger_fixture {
  /// The broken rules, and the first violation of `rule`.
  std::string said(std::string_view rule) const {
    const auto report = verify();
    return broken(report) + ": " + first_of(report, rule);
  }

  std::string after_receipt(std::uint64_t index,
                            const std::function<void(crypto::receipt&)>& c) {
    const auto sound = row("receipts", index);
    auto r = receipt(index);
    c(r);
    replace_receipt(index, r);
    const auto text = said("receipts_signed");
    put("receipts", index, sound);
    return text;
  }

  /// Replaces message 9 by a changed one, signed by `key` under a header with
  /// `kid`; its receipt and sequence follow.
  std::string after_message(const std::function<void(crypto::message&)>& c,
                            const crypto::private_key& key,
                            const crypto::key_id& kid) {
    auto m = message(9);
    c(m);
    replace_message(9,
                    sign(crypto::message_type, crypto::to_json(m), key, kid));
    return said("messages_signed");
  }

  const crypto::private_key& client = key_of_client(0); // of messages 0, 3 ...
};

const auto as_it_is = [](crypto::message&) {};

} // namespace

} // namespace message_check_test

BOOST_FIXTURE_TEST_SUITE(message_check_test, fixture)

BOOST_AUTO_TEST_CASE(any_changed_character_of_a_message_is_found) {
  const auto sound = row("messages", 5);
  for (std::size_t at = 0; at < sound.size(); at += 9) {
    auto changed = sound;
    changed[at] = changed[at] == 'A' ? 'B' : 'A';
    put("messages", 5, changed);
    const auto names = broken(verify());
    BOOST_TEST(names.starts_with("roots_match messages_signed"),
               "character " << at << ": " << names);
    BOOST_TEST(names.ends_with("receipts_signed"), "character " << at);
  }
}

BOOST_AUTO_TEST_CASE(swapped_messages_are_found) {
  const auto fifth = row("messages", 5);
  put("messages", 5, row("messages", 6));
  put("messages", 6, fifth);
  BOOST_TEST(said("roots_match") ==
             "roots_match sequences_grow receipts_signed: block 1: its root "
             "does not match its messages");
  BOOST_TEST(first_of(verify(), "receipts_signed") ==
             "message 5: its receipt has another hash");
}

BOOST_AUTO_TEST_CASE(a_message_that_its_client_did_not_sign_is_found) {
  BOOST_TEST(after_message(as_it_is, client, client.id()) == ": ");
  BOOST_TEST(after_message(as_it_is, key_of_client(1), client.id()) ==
             "messages_signed: message 9: its signature does not verify");
  BOOST_TEST(after_message(as_it_is, key_of_node(), client.id()) ==
             "messages_signed: message 9: its signature does not verify");
}

BOOST_AUTO_TEST_CASE(a_message_that_names_another_sender_is_found) {
  BOOST_TEST(after_message(as_it_is, client, key_of_client(1).id()) ==
             "messages_signed: message 9: its kid does not match the client "
             "that it names");
}

BOOST_AUTO_TEST_CASE(a_message_for_another_node_is_found) {
  BOOST_TEST(after_message([](auto& m) { m.node = key_of_other_node().id(); },
                           client, client.id()) ==
             "messages_signed: message 9: it is for another node");
}

BOOST_AUTO_TEST_CASE(what_is_no_message_is_found) {
  replace_message(9, "garbage");
  BOOST_TEST(broken(verify()) == "messages_signed");
  // Of the wrong kind, but signed.
  replace_message(
      9, sign(crypto::receipt_type, crypto::to_json(message(6)), client));
  BOOST_TEST(broken(verify()) == "messages_signed");
  replace_message(9, sign(crypto::message_type, "{}", client));
  BOOST_TEST(broken(verify()) == "messages_signed");
}

BOOST_AUTO_TEST_CASE(a_missing_message_is_found) {
  put("messages", 9, std::nullopt);
  BOOST_TEST(said("messages_signed") ==
             "messages_signed: message 9: it is missing");
  put("messages", 2, std::nullopt);
  BOOST_TEST(said("roots_match") ==
             "roots_match messages_signed: block 0: its message 2 is missing");
}

BOOST_AUTO_TEST_CASE(messages_that_were_cut_off_are_found) {
  put("messages", 10, std::nullopt);
  BOOST_TEST(said("sequences_grow") ==
             "sequences_grow receipts_signed: the ledger has 11 sequences "
             "instead of 10");
}

BOOST_AUTO_TEST_CASE(a_client_without_its_key_is_found) {
  const std::string id(client.id().begin(), client.id().end());
  const auto point = [](const crypto::private_key& key) {
    return std::string(crypto::text_of(key.public_half().point()));
  };
  const auto expected =
      "messages_signed: message 0: the ledger has no key of its client " +
      crypto::to_text(client.id());
  auto off_the_curve = point(client);
  off_the_curve.back() = static_cast<char>(off_the_curve.back() ^ 1);
  put("clients", id, off_the_curve);
  BOOST_TEST(said("messages_signed") == expected);
  put("clients", id, "short");
  BOOST_TEST(said("messages_signed") == expected);
  // The key of another client, under which that one's messages would verify.
  put("clients", id, point(key_of_client(1)));
  BOOST_TEST(said("messages_signed") == expected);
  put("clients", id, std::nullopt);
  BOOST_TEST(said("messages_signed") == expected);
  put("clients", id, point(client));
  BOOST_TEST(said("messages_signed") == ": ");
}

BOOST_AUTO_TEST_CASE(a_sequence_that_goes_down_is_found) {
  auto m = message(9);
  put_sequence(m.client, m.sequence, std::nullopt);
  m.sequence = 25; // between the client's two last ones, 20 and 30
  replace_message(9, m);
  put_sequence(m.client, m.sequence, 9);
  BOOST_TEST(said("sequences_grow") ==
             "sequences_grow: message 9: sequence 25 of client " +
                 crypto::to_text(m.client) + " comes after 30");
}

BOOST_AUTO_TEST_CASE(a_sequence_twice_is_found) {
  auto m = message(9);
  put_sequence(m.client, m.sequence, std::nullopt);
  m.sequence = message(6).sequence;
  replace_message(9, m);
  put_sequence(m.client, m.sequence, 9);
  BOOST_TEST(said("sequences_grow") ==
             "sequences_grow: message 6: the sequence table has its number 30 "
             "for message 9");
  put_sequence(m.client, m.sequence, 6);
  BOOST_TEST(said("sequences_grow") ==
             "sequences_grow: message 9: the sequence table has its number 30 "
             "for message 6");
}

BOOST_AUTO_TEST_CASE(a_sequence_may_skip_numbers) {
  auto m = message(9);
  put_sequence(m.client, m.sequence, std::nullopt);
  m.sequence = crypto::sequence_max;
  replace_message(9, m);
  put_sequence(m.client, m.sequence, 9);
  BOOST_TEST(said("sequences_grow") == ": ");
}

BOOST_AUTO_TEST_CASE(a_sequence_table_that_does_not_agree_is_found) {
  const auto m = message(9);
  put_sequence(m.client, m.sequence, 8);
  BOOST_TEST(said("sequences_grow") ==
             "sequences_grow: message 9: the sequence table has its number 40 "
             "for message 8");
  put_sequence(m.client, m.sequence, std::nullopt);
  BOOST_TEST(said("sequences_grow") ==
             "sequences_grow: message 9: the sequence table has its number 40 "
             "nowhere");
  put_sequence(m.client, m.sequence, 9);
  put_sequence(m.client, 7, 9);
  BOOST_TEST(said("sequences_grow") ==
             "sequences_grow: the ledger has 12 sequences instead of 11");
}

BOOST_AUTO_TEST_CASE(any_changed_character_of_a_receipt_is_found) {
  const auto sound = row("receipts", 9);
  for (std::size_t at = 0; at < sound.size(); at += 9) {
    auto changed = sound;
    changed[at] = changed[at] == 'A' ? 'B' : 'A';
    put("receipts", 9, changed);
    BOOST_TEST(broken(verify()) == "receipts_signed", "character " << at);
  }
}

BOOST_AUTO_TEST_CASE(a_missing_receipt_is_found) {
  put("receipts", 9, std::nullopt);
  BOOST_TEST(said("receipts_signed") ==
             "receipts_signed: message 9: it has no receipt");
}

BOOST_AUTO_TEST_CASE(a_receipt_of_nothing_is_found) {
  put("receipts", 11, row("receipts", 10));
  BOOST_TEST(said("receipts_signed") ==
             "receipts_signed: the ledger has 12 receipts instead of 11");
}

BOOST_AUTO_TEST_CASE(the_receipt_of_another_message_is_found) {
  put("receipts", 9, row("receipts", 10));
  BOOST_TEST(said("receipts_signed") ==
             "receipts_signed: message 9: its receipt is for message 10");
}

BOOST_AUTO_TEST_CASE(a_receipt_of_another_node_is_found) {
  const auto json = crypto::to_json(receipt(9));
  const auto& other = key_of_other_node();
  put("receipts", 9, sign(crypto::receipt_type, json, other));
  BOOST_TEST(said("receipts_signed") ==
             "receipts_signed: message 9: its receipt comes from another node");
  put("receipts", 9,
      sign(crypto::receipt_type, json, other, key_of_node().id()));
  BOOST_TEST(said("receipts_signed") ==
             "receipts_signed: message 9: its receipt's signature does not "
             "verify");
  put("receipts", 9,
      sign(crypto::receipt_type, json, key_of_node(), other.id()));
  BOOST_TEST(said("receipts_signed") ==
             "receipts_signed: message 9: its receipt comes from another node");
  BOOST_TEST(after_receipt(8, [&](auto& r) { r.node = other.id(); }) ==
             "receipts_signed: message 8: its receipt comes from another node");
}

BOOST_AUTO_TEST_CASE(what_is_no_receipt_is_found) {
  put("receipts", 9, row("messages", 9));
  BOOST_TEST(broken(verify()) == "receipts_signed");
  put("receipts", 9, "");
  BOOST_TEST(broken(verify()) == "receipts_signed");
  put("receipts", 9, sign(crypto::receipt_type, "[]", key_of_node()));
  BOOST_TEST(broken(verify()) == "receipts_signed");
}

BOOST_AUTO_TEST_CASE(a_receipt_that_says_something_else_is_found) {
  const std::string at = "receipts_signed: message 9: its receipt ";
  BOOST_TEST(after_receipt(9, [](auto&) {}) == ": ");
  BOOST_TEST(after_receipt(9, [](auto& r) { r.index = 5; }) ==
             at + "is for message 5");
  BOOST_TEST(after_receipt(9, [](auto& r) { r.leaf[7] ^= 1; }) ==
             at + "has another hash");
  BOOST_TEST(after_receipt(9, [](auto& r) { r.sequence += 1; }) ==
             at + "names another client or sequence");
  BOOST_TEST(after_receipt(9, [](auto& r) {
               r.client = key_of_client(1).id();
             }) == at + "names another client or sequence");
}

BOOST_AUTO_TEST_CASE(a_receipt_that_names_another_block_is_found) {
  const std::string not_named =
      "its receipt does not name block 1, the last one before it";
  const std::string at = "receipts_signed: message 9: ";
  BOOST_TEST(after_receipt(9, [](auto& r) { r.block.reset(); }) ==
             at + not_named);
  BOOST_TEST(after_receipt(9, [](auto& r) { r.block->index = 0; }) ==
             at + not_named);
  BOOST_TEST(after_receipt(9, [](auto& r) { r.block->hash[0] ^= 1; }) ==
             at + not_named);
  // The first block holds messages 0 to 3, so message 3 came before it.
  for (const std::uint64_t index : {0u, 3u})
    BOOST_TEST(
        after_receipt(index, [&](auto& r) { r.block = receipt(4).block; }) ==
        "receipts_signed: message " + std::to_string(index) +
            ": its receipt names a block, but there was none");
}

BOOST_AUTO_TEST_CASE(a_receipts_time_that_goes_down_is_found) {
  BOOST_TEST(after_receipt(
                 10, [&](auto& r) { r.time_ms = receipt(9).time_ms; }) == ": ");
  BOOST_TEST(
      after_receipt(10, [&](auto& r) { r.time_ms = receipt(9).time_ms - 1; }) ==
      "receipts_signed: message 10: its receipt's time is before "
      "that of an earlier message");
}

BOOST_AUTO_TEST_CASE(a_receipts_time_lies_between_its_blocks) {
  BOOST_TEST(
      after_receipt(8, [&](auto& r) { r.time_ms = block(1).time_ms - 1; }) ==
      "receipts_signed: message 8: its receipt's time is before "
      "that of block 1");
  BOOST_TEST(
      after_receipt(7, [&](auto& r) { r.time_ms = block(1).time_ms + 1; }) ==
      "receipts_signed: message 7: its receipt's time is after "
      "that of its block 1");
}

BOOST_AUTO_TEST_SUITE_END()
