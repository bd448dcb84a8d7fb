// SPDX-License-Identifier: Apache-2.0
#pragma once

// Implementation of record_store, snapshot, write_transaction and cursor.
// Internal to storage.

#include "storage/record_store.hpp"
#include "storage/store_parts.hpp"

#include <optional>
#include <string>
#include <utility>

namespace chancery::storage {

// The meta table's names. Its numbers are big endian.
namespace meta {
inline constexpr std::string_view format = "format";
inline constexpr std::string_view folder_id = "folder_id";
inline constexpr std::string_view signature_size = "signature_size";
inline constexpr std::string_view last_epoch = "last_epoch";
inline constexpr std::string_view upgrade_mark = storage::upgrade_mark;
} // namespace meta

struct naming_tables {
  MDB_dbi names = 0;
  MDB_dbi record_names = 0;
  MDB_dbi arrivals = 0;
  MDB_dbi requests = 0;
};

struct seal_tables {
  MDB_dbi certificates = 0;
  MDB_dbi enrolments = 0;
  MDB_dbi revocation_lists = 0;
};

struct record_tables {
  MDB_dbi meta = 0;
  MDB_dbi records = 0;
  MDB_dbi signatures = 0;
  MDB_dbi batches = 0;
  MDB_dbi journal = 0;
  std::optional<MDB_dbi> withdrawn{};    ///< none in a store of format 1
  std::optional<naming_tables> naming{}; ///< none in one of format 1 to 3
  std::optional<seal_tables> seals{};    ///< none in one of format 1 to 4

  /// They throw std::logic_error in a store of an older format.
  MDB_dbi of(table t) const;
  const naming_tables& names() const;
  const seal_tables& certificates() const;
};

/// An open store: shared by the store object and its transactions, so that the
/// environment closes after the last of them.
struct open_store {
  open_store(const std::filesystem::path& folder, const store_options& o)
      : options(o), env(folder, environment_options_of(o)) {}

  store_options options;
  store_info info;
  record_tables tables;
  lmdb::environment env;
};

struct record_store::state {
  std::shared_ptr<open_store> store;
};

struct cursor::state {
  state(std::shared_ptr<lmdb::transaction> txn, MDB_dbi table)
      : cursor(std::move(txn), table) {}

  /// False, with `valid` cleared, if there is no such entry.
  bool move(MDB_cursor_op op);

  lmdb::table_cursor cursor;
  MDB_val key{};
  MDB_val value{};
  bool valid = false;
};

struct snapshot::state {
  state(std::shared_ptr<open_store> s, lmdb::transaction::kind kind);
  ~state();

  std::uint64_t record_count();
  std::uint64_t event_count();
  batch_row row_at(const storage::cursor& at) const;
  lmdb::table_cursor& writer_of(table t);
  /// True if no id of the batch is signed; `at_end`: no later id is either.
  bool check_batch(const batch_row& row, bool& at_end);
  void put_row(const batch_row& row);
  /// Moves one signature to `withdrawn`.
  void move_signature(const withdrawn_row& row);
  withdrawn_row withdrawn_at(const MDB_val& key, const MDB_val& value) const;
  arrival arrival_at(const storage::cursor& at) const;
  request_row request_at(const MDB_val& value) const;
  enrolment enrolment_at(const MDB_val& key, const MDB_val& value) const;
  [[noreturn]] void damaged(std::string_view what) const;

  std::shared_ptr<open_store> store;
  std::shared_ptr<lmdb::transaction> txn;

  // Cached counts: a write updates them, renewing clears them.
  std::optional<std::uint64_t> records;
  std::optional<std::uint64_t> events;

  // A write transaction knows that from this id on nothing is signed.
  std::optional<std::uint64_t> unsigned_from;

  // A write transaction's cursors, one per table.
  std::array<std::optional<lmdb::table_cursor>, 6> writers;
};

} // namespace chancery::storage
