// SPDX-License-Identifier: Apache-2.0
#include "actors/ledger/ledger_writer.hpp"

#include "actors/base/quiet.hpp"
#include "crypto/base/bytes.hpp"
#include "crypto/ledger/merkle.hpp"

#include <span>
#include <utility>

namespace chancery::actors {

namespace {

/// So many messages are worth a commit before its time: at once, and where
/// nothing else is on its way, as with clients that all wait for a receipt.
/// Fewer would cost a busy disk more syncs than one per interval.
constexpr std::size_t enough = 512;
constexpr std::size_t enough_alone = 64;

} // namespace

void ledger_writer_state::start(ledger_writer_config config) {
  config_ = std::move(config);
  chain_.emplace(*config_.identity, config_.store->info().block_size,
                 config_.store->read(), config_.provider);
}

caf::typed_response_promise<append_result>
ledger_writer_state::append(append_request request) {
  auto promise = self_->make_response_promise<append_result>();
  if (failure_) {
    promise.deliver(failure_);
    return promise;
  }
  const bool more = request.more;
  waiting_ += request.items.size();
  groups_.push_back({std::move(request), promise});
  if (waiting_ >= (more ? enough : enough_alone))
    schedule_.hurry(self_);
  else
    schedule_.ask(self_);
  return promise;
}

void ledger_writer_state::commit() {
  if (groups_.empty() || schedule_.due_later(self_))
    return; // an earlier commit took what it was sent for
  schedule_.answered();
  schedule_.begin(self_);
  waiting_ = 0;
  try {
    auto results = write();
    for (std::size_t i = 0; i < results.size(); ++i)
      groups_[i].promise.deliver(std::move(results[i]));
    groups_.clear();
  } catch (...) {
    fail(make_fault(fault::commit_failed, caught_sentence()));
  }
}

chain_builder::made_group ledger_writer_state::chain_additions() {
  std::vector<const valid_message*> messages;
  std::vector<std::span<const std::byte>> texts;
  for (const auto& group : groups_)
    for (const auto& item : group.request.items)
      if (const auto* message = std::get_if<valid_message>(&item)) {
        messages.push_back(message);
        texts.push_back(crypto::bytes_of(message->compact));
      }
  std::vector<crypto::merkle_hash> leaves(texts.size());
  crypto::merkle_leaves(texts, leaves);
  const auto now = config_.wall_clock_ms();
  for (std::size_t i = 0; i < messages.size(); ++i)
    chain_->add(messages[i]->client, messages[i]->sequence, leaves[i], now);
  return chain_->sign();
}

std::vector<append_result> ledger_writer_state::write() {
  auto made = chain_additions();

  auto transaction = config_.store->write();
  std::vector<append_result> results;
  std::size_t next = 0;
  auto block = made.blocks.begin();
  for (const auto& group : groups_) {
    auto& result = results.emplace_back();
    for (const auto& item : group.request.items) {
      if (const auto* client = std::get_if<valid_registration>(&item)) {
        transaction.put_client(client->client, crypto::bytes_of(client->point));
        result.receipts.emplace_back();
        continue;
      }
      const auto& message = std::get<valid_message>(item);
      transaction.append_message(
          {.client = message.client,
           .sequence = message.sequence,
           .message = crypto::bytes_of(message.compact),
           .receipt = crypto::bytes_of(made.receipts[next])});
      if (block != made.blocks.end() && block->after == next) {
        transaction.append_block(block->hash, block->header, block->signature);
        ++block;
      }
      result.receipts.push_back(std::move(made.receipts[next++]));
    }
  }
  transaction.commit();
  *config_.blocks += made.blocks.size();
  return results;
}

// It does not quit, so that later requests get the reason (record_writer.cpp).
void ledger_writer_state::fail(caf::error reason) {
  failure_ = std::move(reason);
  for (auto& group : groups_)
    group.promise.deliver(failure_);
  groups_.clear();
}

ledger_writer_actor::behavior_type
ledger_writer(ledger_writer_state::pointer self, ledger_writer_config config) {
  keep_quiet(self);
  self->state.start(std::move(config));
  return {
      [self](append_atom, append_request& request) {
        return self->state.append(std::move(request));
      },
      [self](commit_atom) { self->state.commit(); },
  };
}

} // namespace chancery::actors
