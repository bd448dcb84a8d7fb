// SPDX-License-Identifier: Apache-2.0
#include "storage/ledger_store_state.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace chancery::storage {

sequence_key::sequence_key(const id_bytes& client, std::uint64_t sequence) {
  const auto number = to_big_endian(sequence);
  const auto end = std::ranges::copy(client, bytes_.begin()).out;
  std::ranges::copy(number, end);
}

ledger_snapshot::state::state(std::shared_ptr<open_ledger> s, txn_kind kind)
    : store(std::move(s)),
      txn(std::make_shared<lmdb::transaction>(
          std::shared_ptr<lmdb::environment>(store, &store->env), kind)) {}

void ledger_snapshot::state::damaged(std::string_view what) const {
  storage::damaged(store->env.folder(), what);
}

lmdb::table_cursor&
ledger_snapshot::state::at(std::optional<lmdb::table_cursor>& cursor,
                           MDB_dbi table) {
  if (!cursor)
    cursor.emplace(txn, table);
  return *cursor;
}

std::uint64_t ledger_snapshot::state::message_count() {
  if (!messages)
    messages = next_key(txn, tables().messages);
  return *messages;
}

std::uint64_t ledger_snapshot::state::block_count() {
  if (!blocks)
    blocks = next_key(txn, tables().blocks);
  return *blocks;
}

std::optional<std::span<const std::byte>>
ledger_snapshot::state::find(MDB_dbi table, MDB_val key) {
  MDB_val value{};
  if (!txn->find(table, key, value))
    return std::nullopt;
  return lmdb::as_span(value);
}

std::optional<std::uint64_t>
ledger_snapshot::state::find_number(MDB_dbi table, MDB_val key,
                                    const char* what) {
  const auto value = find(table, key);
  if (!value)
    return std::nullopt;
  if (value->size() != sizeof(std::uint64_t))
    throw wrong_row(fmt::format("{} is damaged ({} of {} bytes): restore it "
                                "from a backup",
                                store->env.folder().string(), what,
                                value->size()));
  return from_big_endian<std::uint64_t>(*value);
}

ledger_snapshot::ledger_snapshot(std::unique_ptr<state> s)
    : state_(std::move(s)) {}
ledger_snapshot::ledger_snapshot(ledger_snapshot&&) noexcept = default;
ledger_snapshot&
ledger_snapshot::operator=(ledger_snapshot&&) noexcept = default;
ledger_snapshot::~ledger_snapshot() = default;

void ledger_snapshot::renew() {
  state_->txn->renew();
  state_->messages.reset();
  state_->blocks.reset();
  state_->sequences.reset();
}

std::uint64_t ledger_snapshot::message_count() const {
  return state_->message_count();
}

std::uint64_t ledger_snapshot::block_count() const {
  return state_->block_count();
}

numbered_rows ledger_snapshot::messages_there() const {
  return rows_of(state_->txn, state_->tables().messages);
}

numbered_rows ledger_snapshot::blocks_there() const {
  return rows_of(state_->txn, state_->tables().blocks);
}

std::uint64_t ledger_snapshot::client_count() const {
  return state_->txn->stat(state_->tables().clients).ms_entries;
}

std::uint64_t ledger_snapshot::sequence_count() const {
  return state_->txn->stat(state_->tables().sequences).ms_entries;
}

std::uint64_t ledger_snapshot::receipt_count() const {
  return state_->txn->stat(state_->tables().receipts).ms_entries;
}

std::uint64_t ledger_snapshot::hash_count() const {
  return state_->txn->stat(state_->tables().hashes).ms_entries;
}

std::optional<std::span<const std::byte>>
ledger_snapshot::message(std::uint64_t index) const {
  return state_->find(state_->tables().messages, number_key(index).value());
}

std::optional<std::span<const std::byte>>
ledger_snapshot::receipt(std::uint64_t index) const {
  return state_->find(state_->tables().receipts, number_key(index).value());
}

std::optional<std::span<const std::byte>>
ledger_snapshot::block(std::uint64_t index) const {
  return state_->find(state_->tables().blocks, number_key(index).value());
}

std::optional<std::uint64_t>
ledger_snapshot::block_of_hash(const id_bytes& hash) const {
  return state_->find_number(state_->tables().hashes, as_key(hash),
                             "a row of hashes");
}

std::optional<std::span<const std::byte>>
ledger_snapshot::client(const id_bytes& id) const {
  return state_->find(state_->tables().clients, as_key(id));
}

std::optional<std::uint64_t>
ledger_snapshot::message_of(const id_bytes& client,
                            std::uint64_t sequence) const {
  sequence_key key(client, sequence);
  return state_->find_number(state_->tables().sequences, key.value(),
                             "a row of sequences");
}

// Finds the last key that begins with the client's id: the entry at or before
// the client's highest possible key.
std::optional<std::uint64_t>
ledger_snapshot::last_sequence(const id_bytes& client) const {
  auto& at = state_->at(state_->sequences, state_->tables().sequences);
  sequence_key highest(client, UINT64_MAX);
  const auto wanted = lmdb::as_span(highest.value());
  MDB_val key = highest.value();
  MDB_val value{};
  const bool behind = at.get(key, value, MDB_SET_RANGE);
  if (!behind || !std::ranges::equal(lmdb::as_span(key), wanted))
    if (!at.get(key, value, behind ? MDB_PREV : MDB_LAST))
      return std::nullopt;
  const auto found = lmdb::as_span(key);
  if (found.size() != wanted.size())
    state_->damaged(fmt::format("a sequence's key of {} bytes", found.size()));
  if (!std::ranges::equal(found.first(client.size()),
                          wanted.first(client.size())))
    return std::nullopt;
  return from_big_endian<std::uint64_t>(found.subspan(client.size()));
}

} // namespace chancery::storage
