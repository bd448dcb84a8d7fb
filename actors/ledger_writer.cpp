// SPDX-License-Identifier: Apache-2.0
#include "actors/ledger_writer.hpp"

#include "actors/record_writer.hpp"
#include "crypto/bytes.hpp"

#include <utility>

namespace chancery::actors {

void ledger_writer_state::start(ledger_writer_config config) {
  config_ = std::move(config);
  chain_.emplace(*config_.identity, config_.store->info().block_size,
                 config_.store->read());
}

caf::typed_response_promise<append_result>
ledger_writer_state::append(append_request request) {
  auto promise = self_->make_response_promise<append_result>();
  if (failure_) {
    promise.deliver(failure_);
    return promise;
  }
  groups_.push_back({std::move(request), promise});
  schedule();
  return promise;
}

// As the record writer does: at once after a quiet time, else when the interval
// is over; and "at once" lets in what is in the mailbox already.
void ledger_writer_state::schedule() {
  if (scheduled_)
    return;
  scheduled_ = true;
  const auto now = self_->clock().now();
  if (now >= next_commit_)
    self_->send(self_, commit_atom_v);
  else
    self_->delayed_send(self_, next_commit_ - now, commit_atom_v);
}

void ledger_writer_state::commit() {
  scheduled_ = false;
  if (groups_.empty())
    return;
  next_commit_ = self_->clock().now() + commit_interval;
  try {
    auto results = write();
    for (std::size_t i = 0; i < results.size(); ++i)
      groups_[i].promise.deliver(std::move(results[i]));
    groups_.clear();
  } catch (...) {
    fail(make_fault(fault::commit_failed, caught_sentence()));
  }
}

std::vector<append_result> ledger_writer_state::write() {
  const auto now = config_.wall_clock_ms();
  for (const auto& group : groups_)
    for (const auto& item : group.request.items)
      if (item.key.empty())
        chain_->add(id_of_bytes(item.client), item.sequence, item.text, now);
  auto made = chain_->sign();

  auto transaction = config_.store->write();
  std::vector<append_result> results;
  std::size_t next = 0;
  auto block = made.blocks.begin();
  for (const auto& group : groups_) {
    auto& result = results.emplace_back();
    for (const auto& item : group.request.items) {
      if (!item.key.empty()) {
        transaction.put_client(id_of_bytes(item.client),
                               crypto::bytes_of(item.key));
        result.receipts.emplace_back();
        continue;
      }
      transaction.append_message(
          {.client = id_of_bytes(item.client),
           .sequence = item.sequence,
           .message = crypto::bytes_of(item.text),
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

void ledger_writer_state::fail(caf::error reason) {
  failure_ = reason;
  for (auto& group : groups_)
    group.promise.deliver(reason);
  groups_.clear();
  self_->quit(std::move(reason));
}

ledger_writer_actor::behavior_type
ledger_writer(ledger_writer_state::pointer self, ledger_writer_config config) {
  self->state.start(std::move(config));
  return {
      [self](append_atom, append_request& request) {
        return self->state.append(std::move(request));
      },
      [self](commit_atom) { self->state.commit(); },
  };
}

} // namespace chancery::actors
