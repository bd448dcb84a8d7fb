// SPDX-License-Identifier: Apache-2.0
#include "actors/ledger/chain.hpp"

#include "crypto/base/bytes.hpp"
#include "crypto/base/hash.hpp"
#include "crypto/jose/jws.hpp"
#include "crypto/providers/provider.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace chancery::actors {

namespace {

[[noreturn]] void damaged(const std::string& what) {
  throw storage::corrupt(
      fmt::format("the ledger is damaged ({}): restore it from a backup; "
                  "`chancery chain verify` gives details",
                  what));
}

std::string_view text(std::span<const std::byte> row) {
  return crypto::text_of(row);
}

/// A message of a sealed block: if it is missing, the ledger is damaged.
std::span<const std::byte> message_in(const storage::ledger_snapshot& view,
                                      std::uint64_t index) {
  const auto message = view.message(index);
  if (!message)
    damaged(fmt::format("message {} is missing", index));
  return *message;
}

std::uint64_t time_of_receipt(std::span<const std::byte> compact) {
  const auto parts =
      crypto::parse_signed(crypto::text_of(compact), crypto::receipt_type);
  return crypto::receipt_from_json(parts.payload).time_ms;
}

} // namespace

std::optional<sealed_block> read_block(std::span<const std::byte> row) {
  sealed_block block;
  if (row.size() != block.bytes.size() + block.signature.size())
    return std::nullopt;
  const auto bytes = row.first(block.bytes.size());
  const auto header = crypto::decode_block_header(bytes);
  if (!header)
    return std::nullopt;
  block.header = *header;
  std::ranges::copy(bytes, block.bytes.begin());
  std::ranges::copy(row.subspan(bytes.size()), block.signature.begin());
  block.hash = crypto::block_hash(bytes);
  return block;
}

std::uint64_t completed_blocks(const storage::ledger_snapshot& view) {
  return view.block_count();
}

std::optional<sealed_block> block_at(const storage::ledger_snapshot& view,
                                     std::uint64_t index) {
  const auto row = view.block(index);
  if (!row)
    return std::nullopt;
  auto block = read_block(*row);
  if (!block || block->header.index != index)
    damaged(fmt::format("block {} is malformed", index));
  return block;
}

std::optional<sealed_block> block_of(const storage::ledger_snapshot& view,
                                     const crypto::hash_bytes& hash) {
  const auto index = view.block_of_hash(hash);
  if (!index)
    return std::nullopt;
  auto block = block_at(view, *index);
  if (!block || block->hash != hash)
    damaged(
        fmt::format("a hash leads to block {}, whose hash differs", *index));
  return block;
}

std::optional<sealed_block> head_block(const storage::ledger_snapshot& view) {
  const auto count = view.block_count();
  return count == 0 ? std::nullopt : block_at(view, count - 1);
}

std::uint64_t last_time_ms(const storage::ledger_snapshot& view) {
  const auto head = head_block(view);
  const auto sealed = head ? head->header.time_ms : 0;
  const auto count = view.message_count();
  const auto receipt = count == 0 ? std::nullopt : view.receipt(count - 1);
  return receipt ? std::max(sealed, time_of_receipt(*receipt)) : sealed;
}

std::optional<sealed_block> previous_block(const storage::ledger_snapshot& view,
                                           const crypto::hash_bytes& hash) {
  const auto block = block_of(view, hash);
  if (!block || block->header.index == 0)
    return std::nullopt;
  auto previous = block_of(view, block->header.previous);
  if (!previous || previous->header.index + 1 != block->header.index)
    damaged(fmt::format("block {} does not link to the block before it",
                        block->header.index));
  return previous;
}

std::optional<stored_message> message_at(const storage::ledger_snapshot& view,
                                         std::uint64_t index,
                                         std::uint32_t block_size) {
  const auto message = view.message(index);
  if (!message)
    return std::nullopt;
  const auto receipt = view.receipt(index);
  if (!receipt)
    damaged(fmt::format("message {} has no receipt", index));
  stored_message found;
  found.index = index;
  found.compact = text(*message);
  found.receipt = text(*receipt);
  if (const auto block = index / block_size; block < view.block_count())
    found.block = block;
  return found;
}

std::optional<inclusion_proof> prove(const storage::ledger_snapshot& view,
                                     std::uint64_t index,
                                     std::uint32_t block_size) {
  auto block = block_at(view, index / block_size);
  if (!block)
    return std::nullopt;
  const auto first = block->header.first_message;
  if (first > index || index - first >= block->header.count)
    damaged(fmt::format("block {} does not hold message {}",
                        block->header.index, index));
  std::vector<crypto::merkle_hash> leaves;
  leaves.reserve(block->header.count);
  for (auto i = first; i - first < block->header.count; ++i)
    leaves.push_back(crypto::merkle_leaf(message_in(view, i)));

  inclusion_proof proof;
  proof.index = index;
  proof.compact = text(message_in(view, index));
  proof.leaf_index = index - first;
  proof.leaf = leaves[proof.leaf_index];
  proof.path = crypto::merkle_path(leaves, proof.leaf_index);
  proof.block = *std::move(block);
  return proof;
}

std::string check_proof(const inclusion_proof& proof,
                        const crypto::public_key& node,
                        crypto::provider verifying) {
  // Only the header's bytes count: they are what was signed.
  const auto header = crypto::decode_block_header(proof.block.bytes);
  if (!header || *header != proof.block.header ||
      crypto::block_hash(proof.block.bytes) != proof.block.hash)
    return "the header does not match its bytes and hash";
  if (header->node != node.id())
    return "the block belongs to another node";
  const auto verifier = crypto::make_verifier(verifying, crypto::curve::p256);
  if (!verifier->verify(node, std::as_bytes(std::span(proof.block.hash)),
                        proof.block.signature))
    return "the node did not sign the block";
  if (proof.leaf != crypto::merkle_leaf(crypto::bytes_of(proof.compact)))
    return "the leaf is not the hash of the message";
  if (proof.index < header->first_message ||
      proof.index - header->first_message != proof.leaf_index)
    return "the message's place in the block does not match its index";
  if (!crypto::verify_merkle_path(proof.leaf, proof.leaf_index, header->count,
                                  proof.path, header->root))
    return "the path does not lead from the leaf to the block's root";
  return {};
}

} // namespace chancery::actors
