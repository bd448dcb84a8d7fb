// SPDX-License-Identifier: Apache-2.0
// Requests that may be sent again.

#include "storage/record_store_state.hpp"
#include "storage/request_row.hpp"
#include "storage/row_bytes.hpp"

#include <fmt/format.h>
#include <stdexcept>
#include <vector>

namespace chancery::storage {

namespace {

void check_key(std::string_view key) {
  if (key.empty() || key.size() > request_key_max)
    throw std::invalid_argument(
        fmt::format("a request's key has 1 to {} bytes, not {}",
                    request_key_max, key.size()));
}

} // namespace

std::string encode(const request_row& row) {
  return row_writer()
      .bytes(row.fingerprint)
      .number(row.first)
      .number(row.count)
      .number(row.time_ms)
      .take();
}

request_row decode_request_row(std::span<const std::byte> value) {
  row_reader r(value, "a request");
  request_row row;
  row.fingerprint = r.bytes<32>();
  row.first = r.number<std::uint64_t>();
  row.count = r.number<std::uint32_t>();
  row.time_ms = r.number<std::uint64_t>();
  r.end();
  return row;
}

request_row snapshot::state::request_at(const MDB_val& value) const {
  try {
    return decode_request_row(lmdb::as_span(value));
  } catch (const corrupt& error) {
    damaged(error.what());
  }
}

std::optional<request_row> snapshot::request_of(std::string_view key) const {
  check_key(key);
  const auto& tables = state_->store->tables.naming;
  MDB_val value{};
  if (!tables || !state_->txn->find(tables->requests, as_value(key), value))
    return std::nullopt;
  return state_->request_at(value);
}

std::uint64_t snapshot::request_count() const {
  const auto& tables = state_->store->tables.naming;
  return tables ? state_->txn->stat(tables->requests).ms_entries : 0;
}

void write_transaction::put_request(std::string_view key,
                                    const request_row& row) {
  check_key(key);
  const auto bytes = encode(row);
  state_->txn->put(state_->store->tables.names().requests, as_value(key),
                   as_value(bytes), 0);
}

// The rows to erase are noted first: erasing moves a cursor.
std::string write_transaction::sweep_requests(std::string_view from,
                                              std::uint64_t before_ms,
                                              std::size_t most) {
  const auto table = state_->store->tables.names().requests;
  std::vector<std::string> old;
  std::string next;
  {
    lmdb::table_cursor rows(state_->txn, table);
    MDB_val key = as_value(from);
    MDB_val value{};
    bool more = rows.get(key, value, from.empty() ? MDB_FIRST : MDB_SET_RANGE);
    for (std::size_t seen = 0; more; ++seen) {
      if (seen == most) {
        next = as_text(key);
        break;
      }
      if (state_->request_at(value).time_ms < before_ms)
        old.emplace_back(as_text(key));
      more = rows.get(key, value, MDB_NEXT);
    }
  }
  for (const auto& key : old)
    state_->txn->erase(table, as_value(key));
  return next;
}

} // namespace chancery::storage
