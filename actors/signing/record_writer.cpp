// SPDX-License-Identifier: Apache-2.0
#include "actors/signing/record_writer.hpp"

#include "actors/base/quiet.hpp"
#include "actors/signing/record_append.hpp"
#include "actors/signing/unit.hpp"

#include <algorithm>
#include <stdexcept>
#include <string_view>
#include <thread>
#include <utility>

namespace chancery::actors {

namespace {

/// Looked at by each commit of records: more than it can bring in most cases,
/// so that what is too old goes about as fast as it came.
constexpr std::size_t marks_swept = 64;

} // namespace

caf::typed_response_promise<store_result>
record_writer_state::store(store_request request) {
  auto promise = self_->make_response_promise<store_result>();
  if (failure_) {
    promise.deliver(failure_);
    return promise;
  }
  if (!whole(request)) {
    promise.deliver(make_fault(fault::malformed,
                               "the request does not hold whole batches"));
    return promise;
  }
  batches_.push_back({std::move(request), promise, {}});
  gather();
  return promise;
}

caf::typed_response_promise<intake_result>
record_writer_state::append(intake_request request) {
  auto promise = self_->make_response_promise<intake_result>();
  if (failure_) {
    promise.deliver(failure_);
    return promise;
  }
  records_.push_back({std::move(request), promise, {}});
  gather();
  return promise;
}

// As many signatures as the rows state.
bool record_writer_state::whole(const store_request& request) const {
  std::uint64_t records = 0;
  for (const auto& row : request.rows)
    records += row.count;
  return records > 0 && request.signatures.size() ==
                            records * config_.store->info().signature_size;
}

void record_writer_state::journal(const std::string& events) {
  if (failure_)
    return;
  events_ += events;
  gather();
}

void record_writer_state::gather() {
  schedule_.ask(self_);
  if (config_.nap.count() > 0 && schedule_.due_later(self_) &&
      self_->mailbox().empty())
    std::this_thread::sleep_for(config_.nap);
}

void record_writer_state::commit() {
  schedule_.answered();
  if (events_.empty() && batches_.empty() && records_.empty())
    return;
  schedule_.begin(self_);
  try {
    write();
  } catch (...) {
    fail(make_fault(fault::commit_failed, caught_sentence()));
    return;
  }
  answer();
}

caf::typed_response_promise<std::uint64_t> record_writer_state::sync() {
  auto promise = self_->make_response_promise<std::uint64_t>();
  commit();
  if (failure_) {
    promise.deliver(failure_);
    return promise;
  }
  promise.deliver(config_.progress->commits.load());
  return promise;
}

// Events first: a batch is never stored before the event of its lease.
void record_writer_state::write() {
  auto transaction = config_.store->write();
  std::string_view rest = events_;
  while (!rest.empty()) {
    if (rest.size() < 4 || rest.size() - 4 < read_integer<std::uint32_t>(rest))
      throw std::invalid_argument("journal events have a wrong length");
    const auto size = read_integer<std::uint32_t>(rest);
    const auto event = rest.substr(4, size);
    transaction.append_event(std::as_bytes(std::span(event)));
    rest.remove_prefix(4 + size);
  }
  for (auto& pending : batches_)
    write_batches(transaction, pending);
  if (!records_.empty())
    write_records(transaction);
  transaction.commit();
}

void record_writer_state::write_records(
    storage::write_transaction& transaction) {
  const auto now = config_.wall_clock_ms();
  record_append into(transaction, now, config_.defended, config_.refuses_empty);
  std::size_t marks = 0;
  for (auto& pending : records_) {
    const auto before = transaction.record_count();
    for (const auto& request : pending.request.requests) {
      pending.result.answers.push_back(into.append(*request));
      marks += request->mark ? 1 : 0;
    }
    pending.result.records =
        static_cast<std::uint32_t>(transaction.record_count() - before);
  }
  into.finish();
  const auto kept = static_cast<std::uint64_t>(config_.marks_kept.count());
  if (marks > 0 && now > kept)
    swept_ = transaction.sweep_requests(swept_, now - kept,
                                        std::max(marks_swept, 2 * marks));
}

void record_writer_state::write_batches(storage::write_transaction& transaction,
                                        pending_batches& pending) {
  const auto signature_size = config_.store->info().signature_size;
  auto signatures = std::as_bytes(std::span(pending.request.signatures));
  for (const auto& row : pending.request.rows) {
    const auto size = std::size_t{row.count} * signature_size;
    if (transaction.put_batch(row, signatures.first(size))) {
      pending.result.records += row.count;
      ++pending.result.batches;
      if (config_.signed_now)
        pending.stored.push_back(row);
    } else {
      ++pending.result.refused;
    }
    signatures = signatures.subspan(size);
  }
}

void record_writer_state::answer() {
  auto& progress = *config_.progress;
  ++progress.commits;
  for (auto& pending : batches_) {
    progress.stored += pending.result.records;
    progress.batches += pending.result.batches;
    progress.conflicts += pending.result.refused;
    pending.promise.deliver(pending.result);
  }
  for (auto& pending : records_) {
    progress.records += pending.result.records;
    pending.promise.deliver(std::move(pending.result));
  }
  tell_signed();
  events_.clear();
  batches_.clear();
  records_.clear();
}

void record_writer_state::tell_signed() {
  if (!config_.signed_now)
    return;
  std::vector<storage::batch_row> rows;
  for (auto& pending : batches_)
    rows.insert(rows.end(), pending.stored.begin(), pending.stored.end());
  if (!rows.empty())
    config_.signed_now(rows);
}

// It does not quit: a request to an actor that has quit is answered with CAF's
// request_receiver_down instead of the reason.
void record_writer_state::fail(caf::error reason) {
  failure_ = std::move(reason);
  for (auto& pending : batches_)
    pending.promise.deliver(failure_);
  for (auto& pending : records_)
    pending.promise.deliver(failure_);
  batches_.clear();
  records_.clear();
  events_.clear();
  if (config_.failed)
    config_.failed(failure_);
}

record_writer_actor::behavior_type
record_writer(record_writer_state::pointer self, record_writer_config config) {
  keep_quiet(self);
  self->state.start(std::move(config));
  return {
      [self](store_atom, store_request& request) {
        return self->state.store(std::move(request));
      },
      [self](store_atom, intake_request& request) {
        return self->state.append(std::move(request));
      },
      [self](journal_atom, const std::string& events) {
        self->state.journal(events);
      },
      [self](commit_atom) { self->state.commit(); },
      [self](sync_atom) { return self->state.sync(); },
  };
}

} // namespace chancery::actors
