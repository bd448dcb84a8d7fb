// SPDX-License-Identifier: Apache-2.0
#include "storage/ledger_store_state.hpp"

#include <fmt/format.h>
#include <stdexcept>
#include <vector>

namespace chancery::storage {

namespace {

constexpr std::size_t point_size = 64;

} // namespace

std::uint64_t ledger_transaction::append_message(const new_message& m) {
  auto& s = *state_;
  const std::uint64_t index = s.message_count();
  sequence_key key(m.client, m.sequence);
  number_key value(index);
  // The only put that may meet an existing entry comes first.
  const bool check = s.store->options.defended.sequences();
  auto& sequences = s.at(s.sequences, s.tables().sequences);
  if (!sequences.put(key.value(), value.value(), check ? MDB_NOOVERWRITE : 0))
    throw storage_error(
        fmt::format("{}: the client has already used sequence {}; its message "
                    "was not stored",
                    s.store->env.folder().string(), m.sequence));
  append(s.at(s.message_writer, s.tables().messages), index,
         lmdb::as_value(m.message));
  append(s.at(s.receipt_writer, s.tables().receipts), index,
         lmdb::as_value(m.receipt));
  s.messages = index + 1;
  return index;
}

std::uint64_t
ledger_transaction::append_block(const id_bytes& hash,
                                 std::span<const std::byte> header,
                                 std::span<const std::byte> signature) {
  auto& s = *state_;
  const std::uint64_t index = s.block_count();
  number_key value(index);
  if (!s.txn->put(s.tables().hashes, as_key(hash), value.value(),
                  MDB_NOOVERWRITE))
    throw storage_error(
        fmt::format("{}: the hash of new block {} is already in the ledger; "
                    "the block was not stored",
                    s.store->env.folder().string(), index));
  std::vector<std::byte> row(header.begin(), header.end());
  row.insert(row.end(), signature.begin(), signature.end());
  append(s.at(s.block_writer, s.tables().blocks), index, lmdb::as_value(row));
  s.blocks = index + 1;
  return index;
}

bool ledger_transaction::put_client(const id_bytes& id,
                                    std::span<const std::byte> key) {
  if (key.size() != point_size)
    throw std::invalid_argument(fmt::format(
        "a client's key has {} bytes instead of {}", key.size(), point_size));
  return state_->txn->put(state_->tables().clients, as_key(id),
                          lmdb::as_value(key), MDB_NOOVERWRITE);
}

void ledger_transaction::commit() {
  storage::commit(*state_->txn, state_->store->options.before_commit);
}

} // namespace chancery::storage
