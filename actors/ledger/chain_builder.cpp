// SPDX-License-Identifier: Apache-2.0
#include "actors/ledger/chain_builder.hpp"

#include "actors/ledger/chain.hpp"
#include "crypto/base/bytes.hpp"
#include "crypto/base/random.hpp"
#include "crypto/jose/jws.hpp"
#include "crypto/ledger/message.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace chancery::actors {

chain_builder::chain_builder(const crypto::private_key& identity,
                             std::uint32_t block_size,
                             const storage::ledger_snapshot& view,
                             crypto::provider signing)
    : identity_(identity), block_size_(block_size),
      next_index_(view.message_count()),
      signer_(crypto::make_sized_signer(signing, identity.curve(),
                                        crypto::system_random())),
      hasher_(identity.curve()) {
  std::uint64_t sealed = 0;
  if (const auto head = head_block(view)) {
    last_block_ = {head->header.index, head->hash};
    sealed = head->header.first_message + head->header.count;
  }
  if (sealed > next_index_ || next_index_ - sealed >= block_size_)
    throw storage::corrupt("the ledger's last block does not match its number "
                           "of messages");
  for (auto i = sealed; i < next_index_; ++i) {
    const auto message = view.message(i);
    if (!message)
      throw storage::corrupt(
          "a message after the ledger's last block is missing");
    leaves_.push_back(crypto::merkle_leaf(*message));
  }
  last_time_ms_ = last_time_ms(view);
}

void chain_builder::add(const crypto::key_id& client, std::uint64_t sequence,
                        const crypto::merkle_hash& leaf, std::uint64_t now_ms) {
  last_time_ms_ = std::max(last_time_ms_, now_ms);
  leaves_.push_back(leaf);
  crypto::receipt r;
  r.node = identity_.id();
  r.client = client;
  r.sequence = sequence;
  r.index = next_index_++;
  r.leaf = leaves_.back();
  r.time_ms = last_time_ms_;
  r.block = last_block_;
  drafts_.push_back(crypto::jws_signing_input(
      crypto::receipt_type, identity_.id(), crypto::to_json(r)));
  if (leaves_.size() == block_size_)
    seal();
}

void chain_builder::seal() {
  crypto::block_header header;
  if (last_block_) {
    header.index = last_block_->index + 1;
    header.previous = last_block_->hash;
  }
  header.root = crypto::merkle_root(leaves_);
  header.first_message = next_index_ - leaves_.size();
  header.count = static_cast<std::uint32_t>(leaves_.size());
  header.time_ms = last_time_ms_;
  header.node = identity_.id();
  made_block block;
  block.header = crypto::encode(header);
  block.hash = crypto::block_hash(block.header);
  block.after = drafts_.size() - 1;
  last_block_ = {header.index, block.hash};
  blocks_.push_back(block);
  leaves_.clear();
}

chain_builder::made_group chain_builder::sign() {
  auto digests = hasher_(drafts_);
  for (const auto& block : blocks_) {
    const auto bytes = std::as_bytes(std::span(block.hash));
    digests.insert(digests.end(), bytes.begin(), bytes.end());
  }
  const crypto::key_run run{&identity_, drafts_.size() + blocks_.size()};
  std::vector<std::byte> signatures(run.count * 64);
  if (run.count > 0)
    signer_->sign_batch({&run, 1}, digests, signatures);

  made_group made;
  std::span<const std::byte> rest = signatures;
  for (auto& draft : std::exchange(drafts_, {})) {
    made.receipts.push_back(
        crypto::compact_jws(std::move(draft), rest.first(64)));
    rest = rest.subspan(64);
  }
  made.blocks = std::exchange(blocks_, {});
  for (auto& block : made.blocks) {
    std::copy_n(rest.begin(), 64, block.signature.begin());
    rest = rest.subspan(64);
  }
  return made;
}

} // namespace chancery::actors
