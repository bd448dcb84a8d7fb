// SPDX-License-Identifier: Apache-2.0

// A thread verifies a chunk's signatures in one call and then finds each
// message's faults. Whatever the place in its chunk, a message has the findings
// that it would have alone. The ledger of 300 messages has a whole chunk of 256
// and a short one, and two chunks of blocks.
#include "crypto/jose/jws.hpp"
#include "tests/actors/ledger_fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <functional>
#include <map>

namespace chain_chunks_test {

using namespace chancery;
using namespace chancery::tests;

namespace {

struct fixture : ledger_fixture {
  fixture() : ledger_fixture(300) {}

  actors::chain_report verify_with(crypto::provider p) const {
    std::atomic<std::uint64_t> done{0};
    const std::atomic<bool> never{false};
    return actors::verify_chain(open(), key_of_node().public_half(),
                                {.threads = 2, .provider = p}, done, never);
  }

  /// Signed by the node instead of the client that it names.
  void forge_message(std::uint64_t index) const {
    const auto m = message(index);
    replace_message(index, sign(crypto::message_type, crypto::to_json(m),
                                key_of_node(), m.client));
  }

  void forge_receipt(std::uint64_t index, const crypto::receipt& r) const {
    put("receipts", index,
        sign(crypto::receipt_type, crypto::to_json(r), key_of_other_node(),
             key_of_node().id()));
  }

  /// Makes all of `faults`, by index, and repairs one after the other: each is
  /// counted, and each is the first one once those before it are repaired.
  void found_one_by_one(const char* rule, const char* table,
                        const std::map<std::uint64_t, std::string>& faults,
                        const std::function<void(std::uint64_t)>& make) const {
    std::map<std::uint64_t, std::pair<std::string, std::string>> sound;
    for (const auto& [index, fault] : faults) {
      sound[index] = {row(table, index), std::string(table) == "messages"
                                             ? row("receipts", index)
                                             : ""};
      make(index);
    }
    auto left = faults.size();
    for (const auto& [index, fault] : faults) {
      const auto report = verify();
      BOOST_TEST(first_of(report, rule) == fault);
      for (const auto& r : report.rules)
        if (r.name == rule)
          BOOST_TEST(r.violations == left);
      --left;
      put(table, index, sound[index].first);
      if (!sound[index].second.empty())
        put("receipts", index, sound[index].second);
    }
    BOOST_TEST(broken(verify()) == "");
  }
};

std::map<std::uint64_t, std::string>
at_each(std::initializer_list<std::uint64_t> places, const std::string& what,
        const std::string& fault) {
  std::map<std::uint64_t, std::string> faults;
  for (const auto at : places)
    faults[at] = what + " " + std::to_string(at) + ": " + fault;
  return faults;
}

} // namespace

} // namespace chain_chunks_test

BOOST_AUTO_TEST_SUITE(chain_chunks_test)

BOOST_FIXTURE_TEST_CASE(forged_messages_are_found_in_every_place_of_a_chunk,
                        fixture) {
  found_one_by_one("messages_signed", "messages",
                   at_each({0, 128, 255, 256, 299}, "message",
                           "its signature does not verify"),
                   [&](auto index) { forge_message(index); });
}

BOOST_FIXTURE_TEST_CASE(forged_receipts_are_found_in_every_place_of_a_chunk,
                        fixture) {
  found_one_by_one("receipts_signed", "receipts",
                   at_each({0, 255, 256, 299}, "message",
                           "its receipt's signature does not verify"),
                   [&](auto index) { forge_receipt(index, receipt(index)); });
}

BOOST_FIXTURE_TEST_CASE(forged_blocks_are_found_in_every_place_of_a_chunk,
                        fixture) {
  found_one_by_one(
      "blocks_signed", "blocks",
      at_each({0, 63, 64, 74}, "block", "the node did not sign it"),
      [&](auto index) {
        put("blocks", index, sign(block(index), key_of_other_node()));
      });
}

// The order of the checks decides which fault of a message is its first.
BOOST_FIXTURE_TEST_CASE(a_message_with_many_faults_has_its_first_one_reported,
                        fixture) {
  constexpr std::uint64_t index = 200;
  const auto m = message(index);
  put_sequence(m.client, m.sequence, 199);
  auto r = receipt(index);
  r.index = 7;
  r.leaf[0] ^= 1;
  forge_message(index);
  forge_receipt(index, r);
  auto report = verify();
  BOOST_TEST(broken(report) ==
             "roots_match messages_signed sequences_grow receipts_signed");
  BOOST_TEST(first_of(report, "messages_signed") ==
             "message 200: its signature does not verify");
  BOOST_TEST(first_of(report, "sequences_grow") ==
             "message 200: the sequence table has its number " +
                 std::to_string(m.sequence) + " for message 199");
  BOOST_TEST(first_of(report, "receipts_signed") ==
             "message 200: its receipt's signature does not verify");
  replace_receipt(index, r);
  BOOST_TEST(first_of(verify(), "receipts_signed") ==
             "message 200: its receipt is for message 7");
  r.index = index;
  replace_receipt(index, r);
  report = verify();
  BOOST_TEST(first_of(report, "receipts_signed") ==
             "message 200: its receipt has another hash");
  for (const auto& rule : report.rules)
    BOOST_TEST(rule.violations <= 1u);
}

BOOST_FIXTURE_TEST_CASE(different_faults_of_one_chunk_are_all_found, fixture) {
  put("messages", 130, std::nullopt);
  put("messages", 131, "garbage");
  forge_message(132);
  put("receipts", 133, "garbage");
  put("receipts", 134, std::nullopt);
  auto r = receipt(135);
  r.sequence += 1;
  replace_receipt(135, r);
  forge_receipt(136, receipt(136));
  const auto violations = [](const actors::chain_report& report) {
    std::vector<std::uint64_t> all;
    for (const auto& rule : report.rules)
      all.push_back(rule.violations);
    return all;
  };
  // Blocks 32 and 33 hold these; 131's receipt has another hash, too. There are
  // fewer messages than sequences, and fewer receipts than messages.
  const auto with_batch = verify();
  const auto with_openssl = verify_with(crypto::provider::openssl);
  BOOST_TEST(violations(with_batch) == violations(with_openssl),
             boost::test_tools::per_element());
  BOOST_TEST(violations(with_batch)[3] == 3u);
  for (const auto* rule : {"messages_signed", "receipts_signed", "roots_match"})
    BOOST_TEST(first_of(with_batch, rule) == first_of(with_openssl, rule));
  BOOST_TEST(first_of(with_batch, "messages_signed") ==
             "message 130: it is missing");
  BOOST_TEST(first_of(with_batch, "receipts_signed") ==
             "message 131: its receipt has another hash");
  BOOST_TEST(first_of(with_batch, "roots_match") ==
             "block 32: its message 130 is missing");
}

BOOST_FIXTURE_TEST_CASE(messages_of_an_unknown_client_are_found_among_others,
                        fixture) {
  const auto& id = key_of_client(1).id(); // of messages 1, 4, 7 ...
  put("clients", std::string(id.begin(), id.end()), std::nullopt);
  const auto report = verify();
  BOOST_TEST(broken(report) == "messages_signed");
  BOOST_TEST(first_of(report, "messages_signed") ==
             "message 1: the ledger has no key of its client " +
                 crypto::to_text(id));
  for (const auto& rule : report.rules)
    if (rule.name == "messages_signed")
      BOOST_TEST(rule.violations == 100u);
}

BOOST_AUTO_TEST_CASE(the_last_chunk_may_be_whole) {
  const ledger_fixture f(256);
  BOOST_TEST(f.verify().passed);
  auto r = f.receipt(255);
  r.leaf[0] ^= 1;
  f.replace_receipt(255, r);
  BOOST_TEST(first_of(f.verify(), "receipts_signed") ==
             "message 255: its receipt has another hash");
}

BOOST_AUTO_TEST_SUITE_END()
