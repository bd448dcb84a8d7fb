// SPDX-License-Identifier: Apache-2.0

// Damage to blocks, each found by the rule that should find it. Where a ledger
// has eight messages, no receipt names its last block.
#include "tests/actors/ledger_fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <functional>

BOOST_AUTO_TEST_SUITE(block_check_test)

using namespace chancery;
using namespace chancery::tests;
using change = std::function<void(crypto::block_header&)>;

namespace {

/// Changes the header of the last block and signs it as the node. Returns the
/// broken rules and the first violation of blocks_linked.
std::string after(const change& c) {
  const ledger_fixture f(8);
  auto header = f.block(1);
  c(header);
  f.replace_block(1, header);
  const auto report = f.verify();
  return broken(report) + ": " + first_of(report, "blocks_linked");
}

} // namespace

BOOST_AUTO_TEST_CASE(any_changed_byte_of_a_header_is_found) {
  const ledger_fixture f(11);
  const auto sound = f.row("blocks", 1);
  for (std::size_t at = 0; at < crypto::block_header_size; at += 3) {
    auto row = sound;
    row[at] = static_cast<char>(row[at] ^ 1 << at % 8);
    f.put("blocks", 1, row);
    const auto names = broken(f.verify());
    // The signature of a malformed block is not checked.
    const bool readable =
        actors::read_block(std::as_bytes(std::span(row))).has_value();
    BOOST_TEST(names.starts_with(readable ? "blocks_linked blocks_signed"
                                          : "blocks_linked"),
               "byte " << at << ": " << names);
    BOOST_TEST(names.ends_with("receipts_signed"), "byte " << at);
  }
}

BOOST_AUTO_TEST_CASE(any_changed_byte_of_a_signature_is_found) {
  const ledger_fixture f(8);
  const auto sound = f.row("blocks", 0);
  for (std::size_t at = crypto::block_header_size; at < sound.size(); at += 5) {
    auto row = sound;
    row[at] = static_cast<char>(row[at] ^ 1 << at % 8);
    f.put("blocks", 0, row);
    const auto report = f.verify();
    BOOST_TEST(broken(report) == "blocks_signed");
    BOOST_TEST(first_of(report, "blocks_signed") ==
               "block 0: the node did not sign it");
  }
}

BOOST_AUTO_TEST_CASE(a_block_that_another_node_signed_is_found) {
  const ledger_fixture f(8);
  f.put("blocks", 1, sign(f.block(1), key_of_other_node()));
  BOOST_TEST(broken(f.verify()) == "blocks_signed");
}

BOOST_AUTO_TEST_CASE(a_block_of_another_node_is_found) {
  BOOST_TEST(after([](auto& h) { h.node = key_of_other_node().id(); }) ==
             "blocks_linked: block 1: it belongs to another node");
}

BOOST_AUTO_TEST_CASE(a_wrong_previous_hash_is_found) {
  BOOST_TEST(after([](auto& h) { h.previous[31] ^= 1; }) ==
             "blocks_linked: block 1: it does not name the hash of block 0");
  BOOST_TEST(after([](auto& h) { h.previous = {}; }) ==
             "blocks_linked: block 1: it does not name the hash of block 0");
}

// As if the past was rewritten: another block before, valid in itself.
BOOST_AUTO_TEST_CASE(a_rewritten_block_is_found_by_the_one_behind_it) {
  const ledger_fixture f(8);
  auto header = f.block(0);
  header.time_ms -= 1;
  f.replace_block(0, header);
  for (std::uint64_t i = 4; i < 8; ++i) {
    auto r = f.receipt(i);
    r.block->hash = crypto::block_hash(crypto::encode(header));
    f.replace_receipt(i, r);
  }
  auto r = f.receipt(3);
  r.time_ms -= 1;
  f.replace_receipt(3, r);
  const auto report = f.verify();
  BOOST_TEST(broken(report) == "blocks_linked");
  BOOST_TEST(first_of(report, "blocks_linked") ==
             "block 1: it does not name the hash of block 0");
}

BOOST_AUTO_TEST_CASE(a_block_before_the_first_one_is_found) {
  const ledger_fixture f(4);
  auto header = f.block(0);
  header.previous[0] = 1;
  f.replace_block(0, header);
  const auto report = f.verify();
  BOOST_TEST(broken(report) == "blocks_linked");
  BOOST_TEST(first_of(report, "blocks_linked") ==
             "block 0: it names a block before the first one");
}

BOOST_AUTO_TEST_CASE(a_wrong_place_or_count_is_found) {
  BOOST_TEST(after([](auto& h) { h.index = 0; }) ==
             "blocks_linked: block 1: its header has the index 0");
  BOOST_TEST(after([](auto& h) { h.first_message = 3; }) ==
             "blocks_linked roots_match: block 1: it begins with message 3 "
             "instead of 4");
  BOOST_TEST(after([](auto& h) { h.count = 3; }) ==
             "blocks_linked roots_match: block 1: it holds 3 messages instead "
             "of 4");
  BOOST_TEST(after([](auto& h) { h.count = 5; }) ==
             "blocks_linked roots_match: block 1: it holds 5 messages instead "
             "of 4");
}

BOOST_AUTO_TEST_CASE(a_time_that_goes_down_is_found) {
  const ledger_fixture f(8);
  auto header = f.block(1);
  header.time_ms = f.block(0).time_ms - 1;
  f.replace_block(1, header);
  const auto report = f.verify();
  BOOST_TEST(broken(report) == "blocks_linked receipts_signed");
  BOOST_TEST(first_of(report, "blocks_linked") ==
             "block 1: its time is before that of block 0");
  BOOST_TEST(first_of(report, "receipts_signed") ==
             "message 7: its receipt's time is after that of its block 1");
}

BOOST_AUTO_TEST_CASE(a_time_that_stands_still_is_allowed) {
  const ledger_fixture f(8);
  auto header = f.block(1);
  for (std::uint64_t i = 4; i < 8; ++i) {
    auto r = f.receipt(i);
    r.time_ms = f.block(0).time_ms;
    f.replace_receipt(i, r);
  }
  header.time_ms = f.block(0).time_ms;
  f.replace_block(1, header);
  BOOST_TEST(broken(f.verify()) == "");
}

BOOST_AUTO_TEST_CASE(the_root_of_other_messages_is_found) {
  const ledger_fixture f(8);
  auto header = f.block(1);
  header.root = f.block(0).root;
  f.replace_block(1, header);
  const auto report = f.verify();
  BOOST_TEST(broken(report) == "roots_match");
  BOOST_TEST(first_of(report, "roots_match") ==
             "block 1: its root does not match its messages");
}

BOOST_AUTO_TEST_CASE(a_missing_block_is_found) {
  const ledger_fixture f(15);
  const auto sound = f.row("blocks", 1);
  for (const auto& damage :
       {std::optional<std::string>(), std::optional<std::string>("block"),
        std::optional(sound.substr(0, 207))}) {
    f.put("blocks", 1, damage);
    const auto report = f.verify();
    BOOST_TEST(broken(report) == "blocks_linked receipts_signed");
    BOOST_TEST(first_of(report, "blocks_linked") ==
               "block 1: it is missing or damaged");
    BOOST_TEST(report.rules[0].violations == 2u); // block 2 links to none
  }
}

BOOST_AUTO_TEST_CASE(a_chain_that_was_cut_off_is_found) {
  const ledger_fixture f(8);
  f.put_hash(crypto::block_hash(crypto::encode(f.block(1))), std::nullopt);
  f.put("blocks", 1, std::nullopt);
  const auto report = f.verify();
  BOOST_TEST(broken(report) == "blocks_linked");
  BOOST_TEST(first_of(report, "blocks_linked") ==
             "the ledger has 1 blocks instead of 2");
}

BOOST_AUTO_TEST_CASE(a_block_twice_is_found) {
  const ledger_fixture f(8);
  f.put("blocks", 2, f.row("blocks", 1));
  const auto report = f.verify();
  BOOST_TEST(broken(report) == "blocks_linked");
  BOOST_TEST(first_of(report, "blocks_linked") ==
             "block 2: its header has the index 1");
}

BOOST_AUTO_TEST_CASE(swapped_blocks_are_found) {
  const ledger_fixture f(8);
  const auto first = f.row("blocks", 0);
  f.put("blocks", 0, f.row("blocks", 1));
  f.put("blocks", 1, first);
  const auto report = f.verify();
  BOOST_TEST(first_of(report, "blocks_linked") ==
             "block 0: its header has the index 1");
}

BOOST_AUTO_TEST_CASE(hashes_that_lead_elsewhere_are_found) {
  const ledger_fixture f(15);
  const auto hash = crypto::block_hash(crypto::encode(f.block(1)));
  const auto said = [&](std::optional<std::uint64_t> to) {
    f.put_hash(hash, to);
    const auto report = f.verify();
    return broken(report) + ": " + first_of(report, "blocks_linked");
  };
  BOOST_TEST(said(1) == ": ");
  BOOST_TEST(said(2) == "blocks_linked: block 1: the table of hashes names "
                        "block 2 for its hash");
  BOOST_TEST(said(9) == "blocks_linked: block 1: the table of hashes names "
                        "block 9 for its hash");
  BOOST_TEST(said(std::nullopt) ==
             "blocks_linked: block 1: its hash is missing in the table of "
             "hashes");
}

BOOST_AUTO_TEST_CASE(a_hash_of_no_block_is_found) {
  const ledger_fixture f(8);
  f.put_hash(crypto::hash_bytes{1}, 1);
  const auto report = f.verify();
  BOOST_TEST(broken(report) == "blocks_linked");
  BOOST_TEST(first_of(report, "blocks_linked") ==
             "the ledger has 3 hashes of blocks instead of 2");
}

BOOST_AUTO_TEST_SUITE_END()
