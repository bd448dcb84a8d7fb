// SPDX-License-Identifier: Apache-2.0

// What a verification promises as a whole. block_check_test.cpp and
// message_check_test.cpp show which rule finds which damage.
#include "actors/audit/chain_verify.hpp"

#include "crypto/ledger/block.hpp"
#include "tests/actors/ledger_fixture.hpp"
#include "tests/storage/raw_entry.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <thread>

BOOST_AUTO_TEST_SUITE(chain_verify_test)

using namespace chancery;
using namespace chancery::tests;

namespace {

std::uint64_t checked(const actors::chain_report& report,
                      std::string_view rule) {
  for (const auto& r : report.rules)
    if (r.name == rule)
      return r.checked;
  return UINT64_MAX;
}

} // namespace

BOOST_AUTO_TEST_CASE(an_empty_ledger_passes) {
  const auto report = ledger_fixture(0).verify();
  BOOST_TEST(report.passed);
  BOOST_TEST(report.blocks == 0u);
  BOOST_TEST(report.messages == 0u);
  BOOST_TEST(report.pending == 0u);
  BOOST_TEST(report.rules.size() == 6u);
}

BOOST_AUTO_TEST_CASE(a_sound_ledger_passes_and_says_what_was_checked) {
  const ledger_fixture f(11);
  for (const std::size_t threads : {0u, 1u, 2u, 7u}) {
    const auto report = f.verify(threads);
    BOOST_TEST(report.passed, broken(report));
    BOOST_TEST(broken(report) == "");
    BOOST_TEST(report.blocks == 2u);
    BOOST_TEST(report.messages == 11u);
    BOOST_TEST(report.pending == 3u);
    BOOST_TEST(report.clients == 3u);
    BOOST_TEST(report.seconds > 0);
    for (const char* rule : {"blocks_linked", "blocks_signed", "roots_match"})
      BOOST_TEST(checked(report, rule) == 2u);
    for (const char* rule :
         {"messages_signed", "sequences_grow", "receipts_signed"})
      BOOST_TEST(checked(report, rule) == 11u);
    for (const auto& rule : report.rules)
      BOOST_TEST(!rule.sentence.empty());
  }
}

BOOST_AUTO_TEST_CASE(blocks_of_any_size_pass) {
  for (const std::uint32_t block_size : {1u, 2u, 9u, 30u, 65'536u}) {
    const auto report = ledger_fixture(30, block_size).verify();
    BOOST_TEST(report.passed, broken(report));
    BOOST_TEST(report.blocks == 30 / block_size);
    BOOST_TEST(report.pending == 30 % block_size);
  }
}

BOOST_AUTO_TEST_CASE(the_chain_of_another_node_does_not_pass) {
  const ledger_fixture f(11);
  const auto report = f.verify_as(key_of_other_node().public_half());
  BOOST_TEST(!report.passed);
  BOOST_TEST(broken(report) ==
             "blocks_linked blocks_signed messages_signed receipts_signed");
  BOOST_TEST(
      !ledger_fixture(0).verify_as(key_of_other_node().public_half()).passed);
}

BOOST_AUTO_TEST_CASE(a_ledger_that_claims_another_node_does_not_pass) {
  const ledger_fixture f(11);
  const auto& other = key_of_other_node().id();
  f.put("meta", "node", std::string(other.begin(), other.end()));
  const auto report = f.verify();
  BOOST_TEST(broken(report) == "blocks_linked");
  BOOST_TEST(first_of(report, "blocks_linked") ==
             "the ledger was made for another node");
}

BOOST_AUTO_TEST_CASE(another_block_size_than_the_chains_does_not_pass) {
  const ledger_fixture f(11);
  f.put("meta", "block_size", number(5));
  const auto report = f.verify();
  BOOST_TEST(broken(report) == "blocks_linked receipts_signed");
  BOOST_TEST(first_of(report, "blocks_linked") ==
             "block 0: it holds 4 messages instead of 5");
}

// The lowest index is reported, not the one that a thread found first.
BOOST_AUTO_TEST_CASE(the_first_violation_is_the_lowest) {
  const ledger_fixture f(300);
  for (const std::uint64_t index : {280u, 13u, 150u, 14u, 299u}) {
    auto r = f.receipt(index);
    r.sequence += 1;
    f.replace_receipt(index, r);
  }
  for (const std::size_t threads : {1u, 4u}) {
    const auto report = f.verify(threads);
    BOOST_TEST(broken(report) == "receipts_signed");
    BOOST_TEST(report.rules.back().violations == 5u);
    BOOST_TEST(report.rules.back().first_violation ==
               "message 13: its receipt names another client or sequence");
  }
}

BOOST_AUTO_TEST_CASE(rows_of_a_wrong_size_are_counted) {
  const ledger_fixture f(11);
  const auto sent = f.message(4);
  f.put("sequences",
        std::string(sent.client.begin(), sent.client.end()) +
            number_64(sent.sequence),
        "three");
  const auto hash = crypto::block_hash(crypto::encode(f.block(1)));
  f.put("hashes", {reinterpret_cast<const char*>(hash.data()), hash.size()},
        "seven bytes");
  f.put("messages", "a key that is no number", "");
  f.put("blocks", "another", "");
  const auto report = f.verify();
  BOOST_TEST(broken(report) == "blocks_linked messages_signed sequences_grow");
  BOOST_TEST(report.messages == 11u);
}

// The time that it takes goes with the rows that are there.
BOOST_AUTO_TEST_CASE(a_forged_row_with_a_huge_number_is_counted_at_once) {
  for (const char* table : {"messages", "blocks", "receipts"}) {
    const ledger_fixture f(11);
    f.put(table, std::uint64_t{1} << 60, "forged");
    const auto report = f.verify();
    BOOST_TEST(!report.passed);
    BOOST_TEST(report.messages < 3'000u);
    BOOST_TEST(report.blocks < 3'000u);
  }
}

// The order of messages is checked in rounds of 2,048 a thread.
BOOST_AUTO_TEST_CASE(the_order_is_checked_over_all_of_a_long_ledger) {
  const ledger_fixture f(2'300, 100);
  auto m = f.message(2'200);
  f.put_sequence(m.client, m.sequence, std::nullopt);
  m.sequence = 1; // below 10, each client's first number
  f.replace_message(2'200, m);
  f.put_sequence(m.client, m.sequence, 2'200);
  auto r = f.receipt(2'048);
  r.time_ms = f.receipt(2'047).time_ms - 1;
  f.replace_receipt(2'048, r);
  const auto report = f.verify(1);
  BOOST_TEST(broken(report) == "roots_match sequences_grow receipts_signed");
  BOOST_TEST(first_of(report, "sequences_grow") ==
             "message 2200: sequence 1 of client " + crypto::to_text(m.client) +
                 " comes after 7330");
  BOOST_TEST(first_of(report, "receipts_signed") ==
             "message 2048: its receipt's time is before that of an earlier "
             "message");
  for (const auto& rule : report.rules)
    BOOST_TEST(rule.violations <= 1u);
}

BOOST_AUTO_TEST_CASE(progress_counts_every_message) {
  const ledger_fixture f(300);
  std::atomic<std::uint64_t> done{0};
  const std::atomic<bool> never{false};
  actors::verify_chain(f.open(), key_of_node().public_half(), {.threads = 2},
                       done, never);
  BOOST_TEST(done == 300u);
}

BOOST_AUTO_TEST_CASE(what_was_stopped_has_not_passed) {
  const ledger_fixture f(300);
  std::atomic<std::uint64_t> done{0};
  const std::atomic<bool> stop{true};
  const auto report = actors::verify_chain(
      f.open(), key_of_node().public_half(), {.threads = 2}, done, stop);
  BOOST_TEST(!report.passed);
  BOOST_TEST(broken(report) == "");
  BOOST_TEST(done == 0u);
}

BOOST_AUTO_TEST_CASE(a_ledger_passes_while_it_grows) {
  ledger_fixture f(11);
  auto store = f.open();
  std::atomic<bool> enough{false};
  {
    const std::jthread writer([&] {
      for (; !enough; std::this_thread::sleep_for(std::chrono::milliseconds(1)))
        f.extend(store, 3);
    });
    std::uint64_t before = 0;
    for (int grown = 0; grown < 4;) {
      std::atomic<std::uint64_t> done{0};
      const std::atomic<bool> never{false};
      const auto report = actors::verify_chain(
          store, key_of_node().public_half(), {.threads = 2}, done, never);
      BOOST_TEST(report.passed, broken(report));
      BOOST_TEST(done == report.messages);
      grown += report.messages > before ? 1 : 0;
      before = report.messages;
    }
    enough = true;
  }
}

BOOST_AUTO_TEST_SUITE_END()
