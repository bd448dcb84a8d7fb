// SPDX-License-Identifier: Apache-2.0
#include "actors/audit/block_check.hpp"

#include "crypto/ledger/merkle.hpp"

#include <fmt/format.h>

#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace chancery::actors {

namespace {

// Blocks read per snapshot: a snapshot pins pages that a writer would reuse.
constexpr std::uint64_t blocks_a_snapshot = 4'096;

std::optional<sealed_block> read_at(const storage::ledger_snapshot& view,
                                    std::uint64_t index) {
  const auto row = view.block(index);
  return row ? read_block(*row) : std::nullopt;
}

/// What is wrong with the header alone; empty when it is valid.
std::string header_fault(const crypto::block_header& header,
                         std::uint64_t index, const chain_extent& extent,
                         const crypto::key_id& node) {
  if (header.index != index)
    return fmt::format("its header has the index {}", header.index);
  if (header.node != node)
    return "it belongs to another node";
  if (header.count != extent.block_size)
    return fmt::format("it holds {} messages instead of {}", header.count,
                       extent.block_size);
  if (header.first_message != index * extent.block_size)
    return fmt::format("it begins with message {} instead of {}",
                       header.first_message, index * extent.block_size);
  return {};
}

/// What is wrong with the link to the block before; block 0 must have none.
std::string link_fault(const crypto::block_header& header,
                       const std::optional<sealed_block>& before) {
  if (header.index == 0)
    return header.previous == crypto::hash_bytes{}
               ? ""
               : "it names a block before the first one";
  if (!before)
    return "the block before it is missing or damaged";
  if (header.previous != before->hash)
    return fmt::format("it does not name the hash of block {}",
                       header.index - 1);
  if (header.time_ms < before->header.time_ms)
    return fmt::format("its time is before that of block {}", header.index - 1);
  return {};
}

std::string hash_fault(const storage::ledger_snapshot& view,
                       const sealed_block& block, std::uint64_t index) {
  std::optional<std::uint64_t> found;
  try {
    found = view.block_of_hash(block.hash);
  } catch (const storage::wrong_row& e) {
    return e.what();
  }
  if (!found)
    return "its hash is missing in the table of hashes";
  if (*found != index)
    return fmt::format("the table of hashes names block {} for its hash",
                       *found);
  return {};
}

std::string block_fault(const storage::ledger_snapshot& view,
                        const std::optional<sealed_block>& block,
                        const std::optional<sealed_block>& before,
                        std::uint64_t index, const chain_extent& extent,
                        const crypto::key_id& node) {
  if (!block)
    return "it is missing or damaged";
  auto fault = header_fault(block->header, index, extent, node);
  if (fault.empty())
    fault = link_fault(block->header, before);
  if (fault.empty())
    fault = hash_fault(view, *block, index);
  return fault;
}

} // namespace

void check_links(const storage::ledger_store& store, const chain_extent& extent,
                 const crypto::key_id& node, const std::atomic<bool>& stop,
                 chain_findings& findings) {
  constexpr auto rule = chain_promise::blocks_linked;
  auto view = store.read();
  auto block = extent.blocks > 0 ? read_at(view, extent.blocks - 1)
                                 : std::optional<sealed_block>();
  for (auto left = extent.blocks; left > 0 && !stop; --left) {
    const auto index = left - 1;
    if (left % blocks_a_snapshot == 0)
      view.renew();
    auto before =
        index > 0 ? read_at(view, index - 1) : std::optional<sealed_block>();
    findings.checked(rule);
    const auto fault = block_fault(view, block, before, index, extent, node);
    if (!fault.empty())
      findings.broken(rule, index, fmt::format("block {}: {}", index, fault));
    block = std::move(before);
  }
}

block_checker::block_checker(const storage::ledger_store& store,
                             const crypto::public_key& node,
                             crypto::provider verifying)
    : view_(store.read()), node_(node),
      verifier_(crypto::make_verifier(verifying, crypto::curve::p256)) {}

void block_checker::operator()(std::uint64_t first, std::uint64_t last) {
  view_.renew();
  chunk_.clear();
  for (auto index = first; index < last; ++index)
    if (auto block = read_at(view_, index)) // check_links() reports the others
      chunk_.push_back({index, *std::move(block)});
  check_signatures();
  for (const auto& e : chunk_)
    check_root(e);
}

void block_checker::check_signatures() {
  std::vector<crypto::signature_claim> claims;
  claims.reserve(chunk_.size());
  for (const auto& [index, block] : chunk_)
    claims.push_back(
        {&node_, std::as_bytes(std::span(block.hash)), block.signature});
  const auto right = std::make_unique<bool[]>(claims.size());
  verifier_->verify_batch(claims, {right.get(), claims.size()});
  for (std::size_t i = 0; i < chunk_.size(); ++i) {
    const auto index = chunk_[i].index;
    findings_.checked(chain_promise::blocks_signed);
    if (!right[i])
      findings_.broken(
          chain_promise::blocks_signed, index,
          fmt::format("block {}: the node did not sign it", index));
  }
}

void block_checker::check_root(const entry& e) {
  const auto& header = e.block.header;
  findings_.checked(chain_promise::roots_match);
  std::vector<std::span<const std::byte>> rows;
  rows.reserve(header.count);
  while (rows.size() < header.count) {
    const auto at = header.first_message + rows.size();
    const auto message = view_.message(at);
    if (!message) {
      findings_.broken(
          chain_promise::roots_match, e.index,
          fmt::format("block {}: its message {} is missing", e.index, at));
      return;
    }
    rows.push_back(*message);
  }
  std::vector<crypto::merkle_hash> leaves(rows.size());
  crypto::merkle_leaves(rows, leaves);
  if (crypto::merkle_root(leaves) != header.root)
    findings_.broken(
        chain_promise::roots_match, e.index,
        fmt::format("block {}: its root does not match its messages", e.index));
}

} // namespace chancery::actors
