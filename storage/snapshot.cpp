// SPDX-License-Identifier: Apache-2.0
#include "storage/record_store_state.hpp"

#include <fmt/format.h>

namespace chancery::storage {

snapshot::state::state(std::shared_ptr<open_store> s,
                       lmdb::transaction::kind kind)
    : store(std::move(s)),
      txn(std::make_shared<lmdb::transaction>(
          std::shared_ptr<lmdb::environment>(store, &store->env), kind)) {}

// A cursor that outlives its snapshot keeps the transaction object alive, but
// must not keep LMDB's transaction open.
snapshot::state::~state() { txn->end(); }

void snapshot::state::damaged(std::string_view what) const {
  storage::damaged(store->env.folder(), what);
}

std::uint64_t snapshot::state::record_count() {
  if (!records)
    records = next_key(txn, store->tables.records);
  return *records;
}

std::uint64_t snapshot::state::event_count() {
  if (!events)
    events = next_key(txn, store->tables.journal);
  return *events;
}

batch_row snapshot::state::row_at(const storage::cursor& at) const {
  try {
    return decode_batch_row(at.key(), at.value());
  } catch (const corrupt& error) {
    damaged(error.what());
  }
}

snapshot::snapshot(std::unique_ptr<state> s) : state_(std::move(s)) {}
snapshot::snapshot(snapshot&&) noexcept = default;
snapshot& snapshot::operator=(snapshot&&) noexcept = default;
snapshot::~snapshot() = default;

void snapshot::renew() {
  state_->txn->renew();
  state_->records.reset();
  state_->events.reset();
}

std::uint64_t snapshot::record_count() const { return state_->record_count(); }

std::uint64_t snapshot::signature_count() const {
  return state_->txn->stat(state_->store->tables.signatures).ms_entries;
}

std::uint64_t snapshot::batch_count() const {
  return state_->txn->stat(state_->store->tables.batches).ms_entries;
}

std::uint64_t snapshot::event_count() const { return state_->event_count(); }

std::optional<std::span<const std::byte>>
snapshot::record(std::uint64_t id) const {
  number_key key(id);
  MDB_val value{};
  if (!state_->txn->find(state_->store->tables.records, key.value(), value))
    return std::nullopt;
  return lmdb::as_span(value);
}

std::optional<std::span<const std::byte>>
snapshot::signature(std::uint64_t id) const {
  number_key key(id);
  MDB_val value{};
  if (!state_->txn->find(state_->store->tables.signatures, key.value(), value))
    return std::nullopt;
  if (value.mv_size != state_->store->info.signature_size)
    state_->damaged(
        fmt::format("signature {} has {} bytes", id, value.mv_size));
  return lmdb::as_span(value);
}

std::optional<batch_row> snapshot::batch_of(std::uint64_t id) const {
  auto batches = walk(table::batches);
  if (!batches.seek_back(id))
    return std::nullopt;
  const batch_row row = state_->row_at(batches);
  if (id - row.first >= row.count)
    return std::nullopt;
  return row;
}

std::uint64_t snapshot::first_unsigned(std::uint64_t from) const {
  auto batches = walk(table::batches);
  std::uint64_t free = from;
  bool there = batches.seek_back(from) || batches.seek(from);
  for (; there && batches.key() <= free; there = batches.next()) {
    const batch_row row = state_->row_at(batches);
    if (free - row.first < row.count)
      free = row.first + row.count;
  }
  return free;
}

std::optional<std::uint64_t>
snapshot::next_batch_start(std::uint64_t after) const {
  auto batches = walk(table::batches);
  if (after == UINT64_MAX || !batches.seek(after + 1))
    return std::nullopt;
  return batches.key();
}

std::uint64_t snapshot::withdrawn_count() const {
  const auto table = state_->store->tables.withdrawn;
  return table ? state_->txn->stat(*table).ms_entries : 0;
}

withdrawn_row snapshot::state::withdrawn_at(const MDB_val& key,
                                            const MDB_val& value) const {
  try {
    return decode_withdrawn_row(lmdb::as_span(key), lmdb::as_span(value),
                                store->info.signature_size);
  } catch (const corrupt& error) {
    damaged(error.what());
  }
}

void snapshot::each_withdrawn(
    const std::function<void(const withdrawn_row&)>& see) const {
  if (!state_->store->tables.withdrawn)
    return;
  lmdb::table_cursor at(state_->txn, *state_->store->tables.withdrawn);
  MDB_val key{};
  MDB_val value{};
  for (bool more = at.get(key, value, MDB_FIRST); more;
       more = at.get(key, value, MDB_NEXT))
    see(state_->withdrawn_at(key, value));
}

std::vector<withdrawn_row> snapshot::withdrawn_of(std::uint64_t id) const {
  std::vector<withdrawn_row> rows;
  if (!state_->store->tables.withdrawn)
    return rows;
  lmdb::table_cursor at(state_->txn, *state_->store->tables.withdrawn);
  const auto wanted = withdrawn_key(id, 0);
  MDB_val key = as_value(wanted);
  MDB_val value{};
  for (bool more = at.get(key, value, MDB_SET_RANGE); more;
       more = at.get(key, value, MDB_NEXT)) {
    rows.push_back(state_->withdrawn_at(key, value));
    if (rows.back().record == id)
      continue;
    rows.pop_back();
    break;
  }
  return rows;
}

std::optional<std::uint64_t> snapshot::last_epoch() const {
  MDB_val value{};
  if (!state_->txn->find(state_->store->tables.meta, as_value(meta::last_epoch),
                         value))
    return std::nullopt;
  if (value.mv_size != sizeof(std::uint64_t))
    state_->damaged("meta table, last_epoch");
  return from_big_endian<std::uint64_t>(lmdb::as_span(value));
}

cursor snapshot::walk(table t) const {
  return storage::cursor(std::make_unique<storage::cursor::state>(
      state_->txn, state_->store->tables.of(t)));
}

} // namespace chancery::storage
