// SPDX-License-Identifier: Apache-2.0
#include "actors/ledger/ledger_queries.hpp"

#include "crypto/base/bytes.hpp"
#include "tests/actors/ledger_actor_fixture.hpp"

namespace chancery::tests {

namespace ledger_queries_test {

namespace {

using namespace chancery::actors;

/// A ledger of seven messages in blocks of three, and an actor that asks.
struct queries_fixture : ledger_actor_fixture {
  queries_fixture() {
    auto client = registered();
    for (int i = 0; i < 7; ++i)
      client.accept(
          submit(client.seal(std::to_string(i), wall_ms))->value->receipt);
  }

  template <class T, class... Ts>
  T ask(Ts... xs) {
    const auto a = new_asker().ask<T>(node, xs...);
    run();
    BOOST_REQUIRE_MESSAGE(a->value, sentence(a->fault));
    return *a->value;
  }

  sealed_block stored_block(std::uint64_t index) {
    return block_at(store->read(), index).value();
  }
};

std::string text_of_hash(const crypto::hash_bytes& hash) {
  return {hash.begin(), hash.end()};
}

} // namespace

} // namespace ledger_queries_test

BOOST_FIXTURE_TEST_SUITE(ledger_queries_test, queries_fixture)

BOOST_AUTO_TEST_CASE(the_number_of_completed_blocks) {
  BOOST_TEST(ask<std::uint64_t>(count_atom_v) == 2U);
}

BOOST_AUTO_TEST_CASE(a_block_by_its_index) {
  const auto block =
      block_from(ask<block_answer>(block_atom_v, std::uint64_t{1})).value();
  BOOST_TEST((block.header == stored_block(1).header));
  BOOST_TEST((block.signature == stored_block(1).signature));
  BOOST_TEST(!ask<block_answer>(block_atom_v, std::uint64_t{2}).found);
}

BOOST_AUTO_TEST_CASE(a_block_by_its_hash) {
  const auto hash = text_of_hash(stored_block(0).hash);
  const auto block = block_from(ask<block_answer>(block_atom_v, hash)).value();
  BOOST_TEST((block.hash == stored_block(0).hash));
  BOOST_TEST(!ask<block_answer>(block_atom_v, std::string(32, 'x')).found);
  BOOST_TEST(!ask<block_answer>(block_atom_v, std::string("short")).found);
}

BOOST_AUTO_TEST_CASE(the_head_block) {
  const auto head = block_from(ask<block_answer>(head_atom_v)).value();
  BOOST_TEST(head.header.index == 1U);
}

BOOST_AUTO_TEST_CASE(the_block_before_a_hash) {
  const auto second = text_of_hash(stored_block(1).hash);
  const auto first = text_of_hash(stored_block(0).hash);
  const auto previous =
      block_from(ask<block_answer>(previous_atom_v, second)).value();
  BOOST_TEST((previous.hash == stored_block(0).hash));
  BOOST_TEST(!ask<block_answer>(previous_atom_v, first).found);
  BOOST_TEST(!ask<block_answer>(previous_atom_v, std::string(32, 'x')).found);
}

BOOST_AUTO_TEST_CASE(a_message_by_its_index) {
  const auto sealed = ask<message_answer>(message_atom_v, std::uint64_t{4});
  BOOST_TEST(sealed.found);
  BOOST_TEST(sealed.sealed);
  BOOST_TEST(sealed.block == 1U);
  const auto view = store->read();
  BOOST_TEST(sealed.compact == crypto::text_of(*view.message(4)));
  BOOST_TEST(sealed.receipt == crypto::text_of(*view.receipt(4)));
  const auto pending = ask<message_answer>(message_atom_v, std::uint64_t{6});
  BOOST_TEST((pending.found && !pending.sealed));
  BOOST_TEST(!ask<message_answer>(message_atom_v, std::uint64_t{7}).found);
}

BOOST_AUTO_TEST_CASE(a_proof_that_a_message_is_in_its_block) {
  const auto& key = identity.signing.public_half();
  const auto answer = ask<proof_answer>(proof_atom_v, std::uint64_t{4});
  const auto proof = proof_from(answer, 4).value();
  BOOST_TEST(check_proof(proof, key, crypto::single_signatures) == "");
  BOOST_TEST(check_proof(proof, new_client_key().public_half(),
                         crypto::single_signatures) != "");
  auto forged = answer;
  forged.compact[forged.compact.size() / 2] ^= 1;
  BOOST_TEST(check_proof(proof_from(forged, 4).value(), key,
                         crypto::single_signatures) != "");
  forged = answer;
  forged.path[5] ^= 1;
  BOOST_TEST(check_proof(proof_from(forged, 4).value(), key,
                         crypto::single_signatures) != "");
  BOOST_TEST(!ask<proof_answer>(proof_atom_v, std::uint64_t{6}).found);
  BOOST_TEST(!ask<proof_answer>(proof_atom_v, std::uint64_t{99}).found);
}

BOOST_AUTO_TEST_CASE(the_nodes_keys) {
  const auto keys = read_node_keys(ask<std::string>(keys_atom_v), identity.id(),
                                   crypto::single_signatures);
  BOOST_TEST((keys.encryption == identity.encryption.public_half()));
  BOOST_TEST(keys.block_size == 3U);
}

BOOST_AUTO_TEST_CASE(an_answer_with_other_bytes_is_refused) {
  auto answer = ask<block_answer>(head_atom_v);
  answer.header.pop_back();
  BOOST_CHECK_THROW(block_from(answer), std::invalid_argument);
  auto proof = ask<proof_answer>(proof_atom_v, std::uint64_t{0});
  proof.path.pop_back();
  BOOST_CHECK_THROW(proof_from(proof, 0), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace chancery::tests
