// SPDX-License-Identifier: Apache-2.0
#include "actors/ledger/chain_builder.hpp"

#include "crypto/base/bytes.hpp"
#include "tests/actors/ledger_actor_fixture.hpp"

namespace chancery::tests {

namespace chain_builder_test {

namespace {

struct builder_fixture : ledger_actor_fixture {
  actors::chain_builder builder() {
    return {identity.signing, options.block_size, store->read(),
            crypto::single_signatures};
  }
  crypto::receipt read(const std::string& compact) const {
    return crypto::receipt_from_json(
        crypto::parse_signed(compact, crypto::receipt_type).payload);
  }
};

} // namespace

} // namespace chain_builder_test

BOOST_FIXTURE_TEST_SUITE(chain_builder_test, builder_fixture)

BOOST_AUTO_TEST_CASE(a_group_is_numbered_signed_and_cut_into_blocks) {
  auto chain = builder();
  const crypto::key_id client{7};
  std::vector<crypto::merkle_hash> leaves;
  for (std::uint64_t i = 0; i < 7; ++i) {
    const auto text = "message " + std::to_string(i);
    leaves.push_back(crypto::merkle_leaf(crypto::bytes_of(text)));
    chain.add(client, i + 1, leaves.back(), 1'000 + i);
  }
  const auto made = chain.sign();
  BOOST_REQUIRE(made.receipts.size() == 7U);
  BOOST_REQUIRE(made.blocks.size() == 2U);
  const auto verifier =
      crypto::make_verifier(crypto::provider::openssl, crypto::curve::p256);
  for (std::uint64_t i = 0; i < 7; ++i) {
    const auto parts =
        crypto::parse_signed(made.receipts[i], crypto::receipt_type);
    BOOST_TEST(
        crypto::verify_jws(*verifier, parts, identity.signing.public_half()));
    const auto r = read(made.receipts[i]);
    BOOST_TEST(r.index == i);
    BOOST_TEST(r.sequence == i + 1);
    BOOST_TEST((r.leaf == leaves[i]));
    BOOST_TEST(r.time_ms == 1'000 + i);
    BOOST_TEST(r.block.has_value() == (i >= 3));
  }
  crypto::hash_bytes previous{};
  for (std::size_t b = 0; b < 2; ++b) {
    const auto& block = made.blocks[b];
    const auto header = crypto::decode_block_header(block.header).value();
    BOOST_TEST(header.index == b);
    BOOST_TEST((header.previous == previous));
    BOOST_TEST((header.root ==
                crypto::merkle_root(std::span(leaves).subspan(3 * b, 3))));
    BOOST_TEST(header.first_message == 3 * b);
    BOOST_TEST(header.count == 3U);
    BOOST_TEST(block.after == 3 * b + 2);
    BOOST_TEST(verifier->verify(identity.signing.public_half(),
                                std::as_bytes(std::span(block.hash)),
                                block.signature));
    previous = block.hash;
  }
}

BOOST_AUTO_TEST_CASE(nothing_added_makes_nothing) {
  auto chain = builder();
  const auto made = chain.sign();
  BOOST_TEST(made.receipts.empty());
  BOOST_TEST(made.blocks.empty());
}

BOOST_AUTO_TEST_CASE(a_chain_whose_end_does_not_fit_is_refused) {
  auto client = registered();
  for (int i = 0; i < 4; ++i)
    client.accept(submit(client.seal("0", wall_ms))->value->receipt);
  BOOST_CHECK_NO_THROW(builder());
  // Read with another block size, four messages are more than one block.
  BOOST_CHECK_THROW(actors::chain_builder(identity.signing, 1, store->read(),
                                          crypto::single_signatures),
                    storage::corrupt);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace chancery::tests
