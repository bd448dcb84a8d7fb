// SPDX-License-Identifier: Apache-2.0
#pragma once

// Implementation of ledger_store, ledger_snapshot and ledger_transaction.
// Internal to storage.

#include "storage/ledger_store.hpp"
#include "storage/store_parts.hpp"

#include <array>
#include <optional>
#include <utility>

namespace chancery::storage {

struct ledger_tables {
  MDB_dbi meta = 0;
  MDB_dbi messages = 0;
  MDB_dbi receipts = 0;
  MDB_dbi sequences = 0;
  MDB_dbi clients = 0;
  MDB_dbi blocks = 0;
  MDB_dbi hashes = 0;
};

inline MDB_val as_key(const id_bytes& id) {
  return lmdb::as_value(std::as_bytes(std::span(id)));
}

/// A key of the sequences table.
class sequence_key {
 public:
  sequence_key(const id_bytes& client, std::uint64_t sequence);
  /// Points into this object.
  MDB_val value() { return {bytes_.size(), bytes_.data()}; }

 private:
  std::array<char, 40> bytes_;
};

/// An open ledger: shared by the store object and its transactions, so that
/// the environment closes after the last of them.
struct open_ledger {
  open_ledger(const std::filesystem::path& folder, const ledger_options& o)
      : options(o), env(folder, environment_options_of(o)) {}

  ledger_options options;
  ledger_info info;
  ledger_tables tables;
  lmdb::environment env;
};

struct ledger_store::state {
  std::shared_ptr<open_ledger> store;
};

struct ledger_snapshot::state {
  state(std::shared_ptr<open_ledger> s, txn_kind kind);

  const ledger_tables& tables() const noexcept { return store->tables; }
  std::uint64_t message_count();
  std::uint64_t block_count();
  std::optional<std::span<const std::byte>> find(MDB_dbi table, MDB_val key);
  /// Reads a value that is a number; `what` names the row in errors.
  std::optional<std::uint64_t> find_number(MDB_dbi table, MDB_val key,
                                           const char* what);
  /// Opens the cursor on first use.
  lmdb::table_cursor& at(std::optional<lmdb::table_cursor>& cursor,
                         MDB_dbi table);
  [[noreturn]] void damaged(std::string_view what) const;

  std::shared_ptr<open_ledger> store;
  std::shared_ptr<lmdb::transaction> txn;

  // Cached counts: a write updates them, renewing clears them.
  std::optional<std::uint64_t> messages;
  std::optional<std::uint64_t> blocks;

  // Cached cursors. Renewing closes `sequences`; the others belong to a write
  // transaction, which is never renewed.
  std::optional<lmdb::table_cursor> sequences;
  std::optional<lmdb::table_cursor> message_writer;
  std::optional<lmdb::table_cursor> receipt_writer;
  std::optional<lmdb::table_cursor> block_writer;
};

} // namespace chancery::storage
