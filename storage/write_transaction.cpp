// SPDX-License-Identifier: Apache-2.0
#include "storage/record_store_state.hpp"

#include <fmt/format.h>
#include <stdexcept>

namespace chancery::storage {

lmdb::table_cursor& snapshot::state::writer_of(table t) {
  auto& writer = writers[static_cast<std::size_t>(t)];
  if (!writer)
    writer.emplace(txn, store->tables.of(t));
  return *writer;
}

bool snapshot::state::check_batch(const batch_row& row, bool& at_end) {
  at_end = unsigned_from && row.first >= *unsigned_from;
  if (at_end)
    return true;
  number_key key(row.first);
  MDB_val found = key.value();
  MDB_val value{};
  at_end = !writer_of(table::signatures).get(found, value, MDB_SET_RANGE);
  if (at_end)
    return true;
  if (found.mv_size != sizeof(std::uint64_t))
    damaged("a signature's key");
  return from_big_endian<std::uint64_t>(lmdb::as_span(found)) >=
         row.first + row.count;
}

std::uint64_t
write_transaction::append_record(std::span<const std::byte> record) {
  if (record.size() > record_store::record_size_max)
    throw std::invalid_argument(
        fmt::format("a record of {} bytes is over the limit of {}",
                    record.size(), record_store::record_size_max));
  const std::uint64_t id = state_->record_count();
  append(state_->writer_of(table::records), id, lmdb::as_value(record));
  state_->records = id + 1;
  return id;
}

bool write_transaction::put_batch(const batch_row& row,
                                  std::span<const std::byte> signatures) {
  const std::uint32_t size = state_->store->info.signature_size;
  const std::uint64_t records = state_->record_count();
  if (row.count == 0 || row.first >= records || row.count > records - row.first)
    throw std::invalid_argument(
        fmt::format("a batch of {} records from id {}, but the store has {}",
                    row.count, row.first, records));
  if (signatures.size() != std::size_t{row.count} * size)
    throw std::invalid_argument(
        fmt::format("{} bytes for {} signatures of {} bytes each",
                    signatures.size(), row.count, size));
  const bool whole = state_->store->options.defended.whole_batches();
  bool at_end = false;
  if (!state_->check_batch(row, at_end) && whole)
    return false;
  auto& writer = state_->writer_of(table::signatures);
  // MDB_APPEND searches nothing and fills pages completely; LMDB refuses it for
  // a key that is not the last.
  const unsigned flags = MDB_NOOVERWRITE | (at_end ? MDB_APPEND : 0u);
  for (std::uint32_t i = 0; i < row.count; ++i) {
    number_key key(row.first + i);
    const auto signature = signatures.subspan(std::size_t{i} * size, size);
    if (!writer.put(key.value(), lmdb::as_value(signature), flags) && whole) {
      state_->txn->end();
      state_->damaged(
          fmt::format("record {} is already signed", row.first + i));
    }
  }
  const std::string bytes = encode(row);
  number_key key(row.first);
  if (!state_->writer_of(table::batches)
           .put(key.value(), as_value(bytes), flags) &&
      whole) {
    state_->txn->end();
    state_->damaged(fmt::format("batch {} has no signatures", row.first));
  }
  if (at_end)
    state_->unsigned_from = row.first + row.count;
  return true;
}

std::uint64_t
write_transaction::append_event(std::span<const std::byte> encoded) {
  if (encoded.empty())
    throw std::invalid_argument("an event of 0 bytes");
  const std::uint64_t sequence = state_->event_count();
  append(state_->writer_of(table::journal), sequence, lmdb::as_value(encoded));
  state_->events = sequence + 1;
  if (opens_epoch(encoded)) {
    number_key value(sequence);
    state_->txn->put(state_->store->tables.meta, as_value(meta::last_epoch),
                     value.value(), 0);
  }
  return sequence;
}

void write_transaction::commit() {
  storage::commit(*state_->txn, state_->store->options.before_commit);
}

} // namespace chancery::storage
