// SPDX-License-Identifier: Apache-2.0
// Names of records, and when records came.

#include "storage/record_name.hpp"
#include "storage/record_store_state.hpp"
#include "storage/row_bytes.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <stdexcept>

namespace chancery::storage {

std::string encode(const arrival& row) {
  return row_writer().number(row.count).number(row.time_ms).take();
}

arrival decode_arrival(std::uint64_t first, std::span<const std::byte> value) {
  row_reader r(value, "an arrival");
  arrival row;
  row.first = first;
  row.count = r.number<std::uint32_t>();
  row.time_ms = r.number<std::uint64_t>();
  if (row.count == 0 || row.count > UINT64_MAX - first)
    r.fail("a wrong number of records");
  r.end();
  return row;
}

MDB_dbi record_tables::of(table t) const {
  switch (t) {
  case table::records:
    return records;
  case table::signatures:
    return signatures;
  case table::batches:
    return batches;
  case table::journal:
    break;
  case table::record_names:
    return names().record_names;
  case table::arrivals:
    return names().arrivals;
  }
  return journal;
}

const naming_tables& record_tables::names() const {
  if (!naming)
    throw std::logic_error("a store of an older format has no names");
  return *naming;
}

arrival snapshot::state::arrival_at(const storage::cursor& at) const {
  try {
    return decode_arrival(at.key(), at.value());
  } catch (const corrupt& error) {
    damaged(error.what());
  }
}

std::uint64_t snapshot::name_count() const {
  const auto& tables = state_->store->tables.naming;
  return tables ? state_->txn->stat(tables->names).ms_entries : 0;
}

std::uint64_t snapshot::named_record_count() const {
  const auto& tables = state_->store->tables.naming;
  return tables ? state_->txn->stat(tables->record_names).ms_entries : 0;
}

std::optional<std::uint64_t> snapshot::id_of(std::string_view name) const {
  const auto& tables = state_->store->tables.naming;
  MDB_val value{};
  // LMDB has no empty keys, and an error for long ones.
  if (!tables || name.empty() || name.size() > record_name_max ||
      !state_->txn->find(tables->names, as_value(name), value))
    return std::nullopt;
  if (value.mv_size != sizeof(std::uint64_t))
    state_->damaged("a name's record");
  return from_big_endian<std::uint64_t>(lmdb::as_span(value));
}

std::optional<std::string_view> snapshot::name_of(std::uint64_t id) const {
  const auto& tables = state_->store->tables.naming;
  number_key key(id);
  MDB_val value{};
  if (!tables || !state_->txn->find(tables->record_names, key.value(), value))
    return std::nullopt;
  return as_text(value);
}

void snapshot::each_name(
    const std::function<void(std::uint64_t, std::string_view)>& see) const {
  if (!state_->store->tables.naming)
    return;
  auto at = walk(table::record_names);
  for (bool more = at.seek(0); more; more = at.next())
    see(at.key(), as_text(lmdb::as_value(at.value())));
}

std::optional<arrival> snapshot::arrival_of(std::uint64_t id) const {
  if (!state_->store->tables.naming)
    return std::nullopt;
  auto at = walk(table::arrivals);
  if (!at.seek_back(id))
    return std::nullopt;
  const auto row = state_->arrival_at(at);
  return id - row.first < row.count ? std::optional(row) : std::nullopt;
}

named_record
write_transaction::append_record(std::string_view name,
                                 std::span<const std::byte> record) {
  if (const auto fault = name_fault(name); !fault.empty())
    throw std::invalid_argument(fmt::format("a record's name {}", fault));
  if (const auto id = id_of(name)) {
    const auto there = this->record(*id);
    if (!there)
      state_->damaged(fmt::format("record {} has a name but is missing", *id));
    return {*id, std::ranges::equal(*there, record) ? name_use::existing
                                                    : name_use::taken};
  }
  const auto id = append_record(record);
  number_key key(id);
  if (!state_->txn->put(state_->store->tables.names().names, as_value(name),
                        key.value(), MDB_NOOVERWRITE)) {
    state_->txn->end();
    state_->damaged(fmt::format("record {} has a name already", id));
  }
  append(state_->writer_of(table::record_names), id, as_value(name));
  return {id, name_use::added};
}

void write_transaction::put_arrival(const arrival& row) {
  const auto records = state_->record_count();
  if (row.count == 0 || row.first >= records ||
      row.count != records - row.first)
    throw std::invalid_argument(
        fmt::format("{} records from id {} came, but the store has {}",
                    row.count, row.first, records));
  const auto bytes = encode(row);
  append(state_->writer_of(table::arrivals), row.first, as_value(bytes));
}

} // namespace chancery::storage
