// SPDX-License-Identifier: Apache-2.0
#include "actors/ledger/chain.hpp"

#include "crypto/base/bytes.hpp"
#include "tests/actors/ledger_fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <functional>

BOOST_AUTO_TEST_SUITE(chain_test)

using namespace chancery;
using namespace chancery::tests;
using actors::block_at;
using actors::block_of;
using actors::head_block;
using actors::inclusion_proof;
using actors::previous_block;

namespace {

constexpr auto size = block_size_of_tests;

const crypto::public_key& node() { return key_of_node().public_half(); }

crypto::hash_bytes hash_at(const ledger_fixture& f, std::uint64_t block) {
  return block_at(f.open().read(), block).value().hash;
}

} // namespace

BOOST_AUTO_TEST_CASE(an_empty_chain_has_no_answers) {
  const ledger_fixture f(0);
  const auto store = f.open();
  const auto view = store.read();
  BOOST_TEST(actors::completed_blocks(view) == 0u);
  BOOST_TEST(!block_at(view, 0).has_value());
  BOOST_TEST(!head_block(view).has_value());
  BOOST_TEST(!block_of(view, {}).has_value());
  BOOST_TEST(!previous_block(view, {}).has_value());
  BOOST_TEST(!actors::message_at(view, 0, size).has_value());
  BOOST_TEST(!actors::prove(view, 0, size).has_value());
}

BOOST_AUTO_TEST_CASE(blocks_are_found_by_index_and_by_hash) {
  const ledger_fixture f(15);
  const auto store = f.open();
  const auto view = store.read();
  BOOST_TEST(actors::completed_blocks(view) == 3u);
  for (std::uint64_t i = 0; i < 3; ++i) {
    const auto block = block_at(view, i).value();
    BOOST_TEST(block.header.index == i);
    BOOST_TEST(block.header.first_message == 4 * i);
    BOOST_TEST((crypto::decode_block_header(block.bytes) == block.header));
    BOOST_TEST(block.hash == crypto::block_hash(block.bytes));
    BOOST_TEST(block_of(view, block.hash).value().header.index == i);
  }
  BOOST_TEST(!block_at(view, 3).has_value());
  BOOST_TEST(!block_at(view, UINT64_MAX).has_value());
  BOOST_TEST(!block_of(view, crypto::hash_bytes{1}).has_value());
  BOOST_TEST(head_block(view).value().header.index == 2u);
}

BOOST_AUTO_TEST_CASE(one_can_walk_back_from_the_head_to_the_first_block) {
  const ledger_fixture f(15);
  const auto store = f.open();
  const auto view = store.read();
  auto block = head_block(view);
  for (const std::uint64_t index : {1u, 0u}) {
    block = previous_block(view, block.value().hash);
    BOOST_TEST(block.value().header.index == index);
  }
  BOOST_TEST(!previous_block(view, block.value().hash).has_value());
  BOOST_TEST(!previous_block(view, crypto::hash_bytes{1}).has_value());
}

BOOST_AUTO_TEST_CASE(a_message_comes_with_its_receipt_and_its_block) {
  const ledger_fixture f(10);
  for (std::uint64_t i = 0; i < 10; ++i) {
    const auto found = actors::message_at(f.open().read(), i, size).value();
    BOOST_TEST(found.index == i);
    BOOST_TEST(found.compact == f.row("messages", i));
    BOOST_TEST(found.receipt == f.row("receipts", i));
    BOOST_TEST(found.block.has_value() == (i < 8));
    if (found.block)
      BOOST_TEST(*found.block == i / 4);
  }
  BOOST_TEST(!actors::message_at(f.open().read(), 10, size).has_value());
}

BOOST_AUTO_TEST_CASE(every_message_in_a_block_has_a_proof_that_holds) {
  for (const std::uint32_t block_size : {1u, 3u, 7u}) {
    const ledger_fixture f(15, block_size);
    const auto store = f.open();
    const auto view = store.read();
    const auto sealed = 15 / block_size * block_size;
    for (std::uint64_t i = 0; i < 15; ++i) {
      const auto proof = actors::prove(view, i, block_size);
      BOOST_TEST(proof.has_value() == (i < sealed));
      if (!proof)
        continue;
      BOOST_TEST(
          actors::check_proof(*proof, node(), crypto::single_signatures) == "");
      BOOST_TEST(proof->index == i);
      BOOST_TEST(proof->leaf_index == i % block_size);
      BOOST_TEST(proof->compact == crypto::text_of(view.message(i).value()));
    }
    BOOST_TEST(!actors::prove(view, 15, block_size).has_value());
    BOOST_TEST(!actors::prove(view, UINT64_MAX, block_size).has_value());
  }
}

BOOST_AUTO_TEST_CASE(a_changed_proof_says_what_does_not_hold) {
  const ledger_fixture f(11);
  const auto sound = actors::prove(f.open().read(), 5, size).value();
  const auto said = [&](const std::function<void(inclusion_proof&)>& change) {
    auto proof = sound;
    change(proof);
    return actors::check_proof(proof, node(), crypto::single_signatures);
  };
  // Changes the header in all its forms: fields, bytes and hash.
  const auto header = [](inclusion_proof& p, auto change) {
    change(p.block.header);
    p.block.bytes = crypto::encode(p.block.header);
    p.block.hash = crypto::block_hash(p.block.bytes);
  };
  const auto not_signed = "the node did not sign the block";
  const auto inconsistent = "the header does not match its bytes and hash";
  BOOST_TEST(said([](auto&) {}) == "");
  BOOST_TEST(said([](auto& p) { p.compact.back() ^= 1; }) ==
             "the leaf is not the hash of the message");
  BOOST_TEST(said([](auto& p) { p.leaf[0] ^= 1; }) ==
             "the leaf is not the hash of the message");
  BOOST_TEST(said([](auto& p) { p.path[1][31] ^= 1; }) ==
             "the path does not lead from the leaf to the block's root");
  BOOST_TEST(said([](auto& p) { p.path.pop_back(); }) ==
             "the path does not lead from the leaf to the block's root");
  for (const std::uint64_t index : {3u, 4u, 6u, 9u})
    BOOST_TEST(said([&](auto& p) { p.index = index; }) ==
               "the message's place in the block does not match its index");
  BOOST_TEST(said([](auto& p) { p.leaf_index = 2; }) ==
             "the message's place in the block does not match its index");
  BOOST_TEST(said([](auto& p) { p.index = 6, p.leaf_index = 2; }) ==
             "the path does not lead from the leaf to the block's root");
  BOOST_TEST(said([](auto& p) { p.block.hash[0] ^= 1; }) == inconsistent);
  BOOST_TEST(said([](auto& p) { p.block.header.count = 5; }) == inconsistent);
  BOOST_TEST(said([](auto& p) { p.block.bytes[0] ^= std::byte{1}; }) ==
             inconsistent);
  BOOST_TEST(said([](auto& p) { p.block.signature[9] ^= std::byte{1}; }) ==
             not_signed);
  BOOST_TEST(said([&](auto& p) {
               header(p, [](auto& h) { h.root[0] ^= 1; });
             }) == not_signed);
  BOOST_TEST(said([&](auto& p) {
               header(p, [](auto& h) { h.node = key_of_other_node().id(); });
             }) == "the block belongs to another node");
}

BOOST_AUTO_TEST_CASE(a_proof_of_another_node_does_not_hold) {
  const ledger_fixture f(4);
  const auto proof = actors::prove(f.open().read(), 0, size).value();
  BOOST_TEST(actors::check_proof(proof, key_of_other_node().public_half(),
                                 crypto::single_signatures) ==
             "the block belongs to another node");
}

BOOST_AUTO_TEST_CASE(damaged_blocks_are_corrupt_and_not_answers) {
  const ledger_fixture f(12);
  const auto hash = hash_at(f, 1);
  const auto head = hash_at(f, 2);
  const auto row = f.row("blocks", 1);
  const auto throws =
      [&](const std::function<void(const storage::ledger_snapshot&)>& ask) {
        const auto store = f.open();
        const auto view = store.read();
        BOOST_CHECK_THROW(ask(view), storage::corrupt);
      };
  for (const std::string& damaged :
       {row.substr(1), row + "x", std::string(208, 'x'), std::string(),
        f.row("blocks", 0)}) {
    f.put("blocks", 1, damaged);
    throws([](const auto& view) { (void)block_at(view, 1); });
    throws([&](const auto& view) { (void)block_of(view, hash); });
    throws([](const auto& view) { (void)actors::prove(view, 5, size); });
    throws([&](const auto& view) { (void)previous_block(view, head); });
  }
  f.put("blocks", 1, std::nullopt);
  throws([&](const auto& view) { (void)block_of(view, hash); });
  f.put("blocks", 1, row);
  f.put_hash(hash, 0);
  throws([&](const auto& view) { (void)block_of(view, hash); });
  f.put_hash(hash, std::nullopt);
  throws([&](const auto& view) { (void)previous_block(view, head); });
  BOOST_TEST(!block_of(f.open().read(), hash).has_value());
}

BOOST_AUTO_TEST_CASE(a_block_that_names_an_earlier_one_as_its_last_is_corrupt) {
  const ledger_fixture f(12);
  auto header = f.block(2);
  header.previous = hash_at(f, 0);
  f.replace_block(2, header);
  const auto store = f.open();
  const auto view = store.read();
  BOOST_CHECK_THROW((void)previous_block(view, head_block(view).value().hash),
                    storage::corrupt);
}

BOOST_AUTO_TEST_CASE(missing_messages_and_receipts_are_corrupt) {
  const ledger_fixture f(11);
  f.put("receipts", 9, std::nullopt);
  f.put("messages", 6, std::nullopt);
  const auto store = f.open();
  const auto view = store.read();
  BOOST_CHECK_THROW((void)actors::message_at(view, 9, size), storage::corrupt);
  BOOST_CHECK_THROW((void)actors::prove(view, 5, size), storage::corrupt);
  BOOST_TEST(!actors::message_at(view, 6, size).has_value());
  BOOST_TEST(actors::prove(view, 3, size).has_value());
}

BOOST_AUTO_TEST_CASE(a_block_that_claims_other_messages_proves_nothing) {
  const ledger_fixture f(8);
  auto header = f.block(1);
  header.first_message = 0;
  f.replace_block(1, header);
  BOOST_CHECK_THROW((void)actors::prove(f.open().read(), 5, size),
                    storage::corrupt);
}

BOOST_AUTO_TEST_SUITE_END()
