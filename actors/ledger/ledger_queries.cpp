// SPDX-License-Identifier: Apache-2.0
#include "actors/ledger/ledger_queries.hpp"

#include "crypto/base/bytes.hpp"

#include <algorithm>
#include <stdexcept>

namespace chancery::actors {

namespace {

std::optional<crypto::hash_bytes> hash_from(std::string_view bytes) {
  crypto::hash_bytes hash{};
  if (bytes.size() != hash.size())
    return std::nullopt;
  std::copy(bytes.begin(), bytes.end(), hash.begin());
  return hash;
}

block_answer to_answer(const std::optional<sealed_block>& block) {
  block_answer answer;
  if (!block)
    return answer;
  answer.found = true;
  answer.header = crypto::text_of(block->bytes);
  answer.signature = crypto::text_of(block->signature);
  return answer;
}

} // namespace

std::uint64_t ask_count(const storage::ledger_store& store) {
  return completed_blocks(store.read());
}

block_answer ask_block(const storage::ledger_store& store,
                       std::uint64_t index) {
  return to_answer(block_at(store.read(), index));
}

block_answer ask_block(const storage::ledger_store& store,
                       std::string_view hash) {
  const auto h = hash_from(hash);
  return h ? to_answer(block_of(store.read(), *h)) : block_answer{};
}

block_answer ask_head(const storage::ledger_store& store) {
  return to_answer(head_block(store.read()));
}

block_answer ask_previous(const storage::ledger_store& store,
                          std::string_view hash) {
  const auto h = hash_from(hash);
  return h ? to_answer(previous_block(store.read(), *h)) : block_answer{};
}

message_answer ask_message(const storage::ledger_store& store,
                           std::uint64_t index) {
  auto found = message_at(store.read(), index, store.info().block_size);
  message_answer answer;
  if (!found)
    return answer;
  answer.found = true;
  answer.compact = std::move(found->compact);
  answer.receipt = std::move(found->receipt);
  answer.sealed = found->block.has_value();
  answer.block = found->block.value_or(0);
  return answer;
}

proof_answer ask_proof(const storage::ledger_store& store,
                       std::uint64_t index) {
  const auto proof = prove(store.read(), index, store.info().block_size);
  proof_answer answer;
  if (!proof)
    return answer;
  answer.found = true;
  answer.compact = proof->compact;
  answer.leaf_index = proof->leaf_index;
  for (const auto& hash : proof->path)
    answer.path.append(hash.begin(), hash.end());
  answer.block = to_answer(proof->block);
  return answer;
}

std::optional<sealed_block> block_from(const block_answer& answer) {
  if (!answer.found)
    return std::nullopt;
  const auto block =
      read_block(crypto::bytes_of(answer.header + answer.signature));
  if (!block || answer.header.size() != crypto::block_header_size)
    throw std::invalid_argument("the answer is not a block");
  return block;
}

std::optional<inclusion_proof> proof_from(const proof_answer& answer,
                                          std::uint64_t index) {
  const auto block = answer.found ? block_from(answer.block) : std::nullopt;
  if (!block)
    return std::nullopt;
  inclusion_proof proof;
  proof.index = index;
  proof.compact = answer.compact;
  proof.leaf = crypto::merkle_leaf(crypto::bytes_of(answer.compact));
  proof.leaf_index = answer.leaf_index;
  for (std::string_view rest = answer.path; !rest.empty();
       rest.remove_prefix(32)) {
    const auto hash = hash_from(rest.substr(0, 32));
    if (!hash)
      throw std::invalid_argument("the answer is not an inclusion proof");
    proof.path.push_back(*hash);
  }
  proof.block = *block;
  return proof;
}

} // namespace chancery::actors
