// SPDX-License-Identifier: Apache-2.0
//
// write_transaction::withdraw.
#include "storage/record_store_state.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <stdexcept>

namespace chancery::storage {

namespace {

// Consecutive ids as runs; `ids` is in order.
std::vector<id_run> runs_of(const std::vector<std::uint64_t>& ids) {
  std::vector<id_run> runs;
  for (const auto id : ids) {
    if (runs.empty() || runs.back().first + runs.back().count != id)
      runs.push_back({id, 0});
    ++runs.back().count;
  }
  return runs;
}

// The row and the ids, in order, when the withdrawal is allowed.
std::vector<std::uint64_t>
checked_ids(const withdrawal& w, const snapshot& view, const batch_row& row) {
  auto ids = w.ids;
  std::ranges::sort(ids);
  if (ids.empty() || std::ranges::adjacent_find(ids) != ids.end())
    throw std::invalid_argument(
        "a withdrawal names no record, or one of them twice");
  for (const auto id : ids)
    if (id < row.first || id - row.first >= row.count || !view.signature(id))
      throw std::invalid_argument(fmt::format(
          "record {} is not in batch {}, or not signed", id, row.first));
  if (!is_withdrawal_reason(w.reason))
    throw std::invalid_argument(
        fmt::format("the reason of a withdrawal is UTF-8 text of 1 to {} "
                    "bytes, without control characters",
                    withdrawal_reason_max));
  return ids;
}

} // namespace

void snapshot::state::put_row(const batch_row& row) {
  const std::string bytes = encode(row);
  number_key key(row.first);
  if (writer_of(table::batches)
          .put(key.value(), as_value(bytes), MDB_NOOVERWRITE))
    return;
  txn->end();
  damaged(fmt::format("batch {} begins inside another one", row.first));
}

void snapshot::state::move_signature(const withdrawn_row& row) {
  const std::string key = withdrawn_key(row.record, row.event);
  const std::string bytes = encode(row);
  lmdb::table_cursor writer(txn, *store->tables.withdrawn);
  if (!writer.put(as_value(key), as_value(bytes), MDB_NOOVERWRITE)) {
    txn->end();
    damaged(fmt::format("record {} was withdrawn by event {}, which is new",
                        row.record, row.event));
  }
  txn->erase(store->tables.signatures, number_key(row.record).value());
}

std::uint64_t write_transaction::withdraw(const withdrawal& w) {
  const auto row = batch_of(w.batch);
  if (!row || row->first != w.batch)
    throw std::invalid_argument(
        fmt::format("no batch begins at record {}", w.batch));
  const auto ids = checked_ids(w, *this, *row);
  const signatures_withdrawn done{w.time_ms, *row, runs_of(ids)};
  const auto bytes = encode(event(done));
  const auto sequence = append_event(std::as_bytes(std::span(bytes)));
  for (const auto id : ids) {
    withdrawn_row moved{id, sequence, *row, w.time_ms, {}, w.reason};
    const auto old = *signature(id);
    moved.signature.assign(old.begin(), old.end());
    state_->move_signature(moved);
  }
  if (!state_->store->options.defended.whole_row_splitting())
    return sequence;
  state_->txn->erase(state_->store->tables.batches,
                     number_key(row->first).value());
  for (const auto& piece : pieces_of(done))
    state_->put_row(piece);
  return sequence;
}

} // namespace chancery::storage
