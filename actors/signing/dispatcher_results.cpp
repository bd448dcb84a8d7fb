// SPDX-License-Identifier: Apache-2.0
// The dispatcher's results: of signers on this host, which go to the record
// writer, and of other hosts, which are verified before.
#include "actors/signing/dispatcher.hpp"
#include "actors/signing/unit.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace chancery::actors {

namespace {

storage::batch_row row_of(const held_range& range, std::uint64_t fence,
                          std::uint16_t format) {
  return {.first = range.first,
          .count = range.count,
          .fence = fence,
          .key = range.key,
          .format = format,
          .reason = range.reason,
          .time_ms = range.time_ms};
}

store_request request_for(const parked_unit& parked, std::uint16_t format) {
  store_request request;
  for (const auto& part : parked.parts) {
    request.rows.push_back(row_of(part.range, part.batch->batch.fence, format));
    request.signatures += parked.unit->signatures(*part.batch);
  }
  return request;
}

} // namespace

void dispatcher_state::hand_in(unit_result result) {
  try {
    std::uint64_t records = 0;
    auto request = accept(std::move(result), records);
    uncommitted_ += records;
    if (records > 0)
      store(std::move(request), records);
  } catch (const std::invalid_argument&) {
    // Malformed: no result. Its leases end by return, loss or expiry.
    ++config_.progress->late_results;
  }
  serve();
}

// Rows to store, for the batches whose lease holds exactly their range; all
// others are dropped and counted.
store_request dispatcher_state::accept(unit_result result,
                                       std::uint64_t& records) {
  const auto batches = decode_unit_batches(result.batches);
  const auto size = std::size_t{config_.store->info().signature_size};
  std::size_t total = 0;
  for (const auto& batch : batches)
    total += batch.count * size;
  if (total != result.signatures.size())
    throw std::invalid_argument("a unit's signatures have a wrong length");
  store_request request{{}, std::move(result.signatures)};
  request.rows.reserve(batches.size());
  auto from = request.signatures.begin();
  auto to = from; // end of the signatures that are kept
  for (const auto& batch : batches) {
    const auto end = from + static_cast<std::ptrdiff_t>(batch.count * size);
    if (const auto range =
            book_->hand_in(batch.fence, batch.first, batch.count)) {
      request.rows.push_back(row_of(*range, batch.fence, config_.format));
      to = from == to ? end : std::copy(from, end, to);
      records += batch.count;
    } else {
      ++config_.progress->late_results;
    }
    from = end;
  }
  request.signatures.erase(to, request.signatures.end());
  return request;
}

caf::typed_response_promise<unit_verdict>
dispatcher_state::hand_in(remote_result result) {
  auto promise = self_->make_response_promise<unit_verdict>();
  auto unit = accept(std::move(result.unit));
  const auto refused = config_.progress->refused.why(unit.unit->worker());
  if (failure_) {
    promise.deliver(failure_);
  } else if (refused) {
    put_back(unit);
    promise.deliver(unit_verdict{false, *refused});
  } else if (unit.parts.empty()) {
    promise.deliver(unit_verdict{});
  } else {
    uncommitted_ += unit.records;
    const auto ticket = parked_->park(std::move(unit));
    verdicts_.emplace(ticket, promise);
    if (config_.defended.remote_units())
      verify(ticket);
    else
      judge(ticket);
  }
  serve();
  return promise;
}

// Takes their ranges from the leases that hold them: from now on the end of a
// lease does not touch them.
parked_unit dispatcher_state::accept(remote_unit_ptr unit) {
  parked_unit parked{std::move(unit)};
  for (const auto& b : parked.unit->batches()) {
    if (const auto range =
            book_->hand_in(b.batch.fence, b.batch.first, b.batch.count)) {
      parked.parts.push_back({&b, *range});
      parked.records += range->count;
    } else {
      ++config_.progress->late_results;
    }
  }
  return parked;
}

void dispatcher_state::verify(std::uint64_t ticket) {
  auto chunks = parked_->next_chunks(ticket);
  if (chunks.empty()) {
    judge(ticket);
    return;
  }
  if (config_.verifiers.empty()) {
    fail(make_fault(fault::internal, "nobody verifies other hosts' units"));
    answer_waiting();
    return;
  }
  for (auto& chunk : chunks) {
    const auto size = chunk.indexes.size();
    const auto& verifier =
        config_.verifiers.at(next_verifier_++ % config_.verifiers.size());
    self_->request(verifier, caf::infinite, verify_atom_v, std::move(chunk))
        .then(
            [this, ticket, size](const chunk_verdict& verdict) {
              config_.progress->verified += size;
              verified(ticket, verdict);
            },
            [this](caf::error& e) {
              fail(std::move(e));
              answer_waiting();
            });
  }
}

void dispatcher_state::verified(std::uint64_t ticket,
                                const chunk_verdict& verdict) {
  if (!parked_->take(ticket, verdict))
    return;
  verify(ticket);
  serve();
}

void dispatcher_state::judge(std::uint64_t ticket) {
  const auto unit = parked_->release(ticket);
  if (unit.wrong > 0)
    refuse(unit);
  else if (!failure_)
    store(request_for(unit, config_.format), unit.records);
  if (const auto promise = verdicts_.extract(ticket))
    promise.mapped().deliver(unit.wrong > 0
                                 ? unit_verdict{false, unit.complaint()}
                                 : unit_verdict{});
}

// Whatever else of this host has no verdict yet is dropped, too.
void dispatcher_state::refuse(const parked_unit& wrong) {
  const auto& worker = wrong.unit->worker();
  ++config_.progress->units_wrong;
  config_.progress->refused.refuse(worker, wrong.complaint());
  uncommitted_ -= wrong.records;
  put_back(wrong);
  for (const auto ticket : parked_->of(worker)) {
    const auto unit = parked_->release(ticket);
    uncommitted_ -= unit.records;
    put_back(unit);
    if (const auto promise = verdicts_.extract(ticket))
      promise.mapped().deliver(unit_verdict{false, wrong.complaint()});
  }
}

void dispatcher_state::put_back(const parked_unit& unit) {
  for (const auto& part : unit.parts)
    book_->put_back(part.range);
}

void dispatcher_state::store(store_request request, std::uint64_t records) {
  self_->request(writer_, caf::infinite, store_atom_v, std::move(request))
      .then([this,
             records](const store_result& result) { stored(result, records); },
            [this](caf::error& e) {
              fail(std::move(e));
              answer_waiting();
            });
}

void dispatcher_state::stored(const store_result& result,
                              std::uint64_t records) {
  uncommitted_ -= records;
  stored_ += result.records;
  stored_in_pass_ += result.records;
  conflicts_in_pass_ += result.refused;
  serve();
}

} // namespace chancery::actors
