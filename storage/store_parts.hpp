// SPDX-License-Identifier: Apache-2.0
#pragma once

// Shared by the record store and the ledger store: creating and opening a
// database, its meta table, and tables whose keys are numbers without holes.
// Internal to storage; see lmdb.hpp for threads.

#include "storage/big_endian.hpp"
#include "storage/lmdb.hpp"
#include "storage/numbered_rows.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

namespace chancery::storage {

using txn_kind = lmdb::transaction::kind;

// Entries of meta that an upgrade changes.
inline constexpr std::string_view format_name = "format";
inline constexpr std::string_view upgrade_mark = "upgrade_mark";

/// A 64-bit key, encoded for LMDB.
class number_key {
 public:
  explicit number_key(std::uint64_t number) : bytes_(to_big_endian(number)) {}
  /// Points into this object.
  MDB_val value() { return {bytes_.size(), bytes_.data()}; }

 private:
  std::array<char, 8> bytes_;
};

inline MDB_val as_value(std::string_view text) {
  return {text.size(), const_cast<char*>(text.data())};
}

inline std::string_view as_text(const MDB_val& value) {
  return {static_cast<const char*>(value.mv_data), value.mv_size};
}

/// The LMDB part of a store's options.
template <class Options>
lmdb::environment_options environment_options_of(const Options& o) {
  return {o.map_size, o.read_only, o.sync, o.defended.page_checks()};
}

[[noreturn]] void damaged(const std::filesystem::path& folder,
                          std::string_view what);

/// Creates a missing folder, mode 0700.
void make_folder(const std::filesystem::path& folder);

/// Whether LMDB's data file exists and is not empty. It has no tables if the
/// creation of the store was interrupted.
bool holds_a_database(const std::filesystem::path& folder);

/// Creates a store in one transaction: `fill` creates the tables and writes
/// meta. With `sync`, the directory entries of file and folder are durable,
/// too. Throws storage_error if there are tables already.
void make_store(std::shared_ptr<lmdb::environment> env, bool sync,
                const std::function<void()>& before_commit,
                const std::function<void(lmdb::transaction&)>& fill);

/// False if there is no such table.
bool open_table(lmdb::transaction& txn, const char* name, unsigned flags,
                MDB_dbi& table);

/// Named values; numbers are big endian. Reading throws corrupt for a value
/// that is missing or has the wrong size.
class meta_table {
 public:
  meta_table(lmdb::transaction& txn, MDB_dbi table)
      : txn_(txn), table_(table) {}

  void put(std::string_view name, MDB_val value);
  void put(std::string_view name, std::uint32_t number);
  /// As put, but an existing value is replaced.
  void replace(std::string_view name, MDB_val value);
  void erase(std::string_view name);

  std::optional<std::span<const std::byte>> find(std::string_view name);
  std::span<const std::byte> value(std::string_view name, std::size_t size);
  std::uint32_t number(std::string_view name);
  /// Throws storage_error for a format above `known`.
  std::uint32_t format(std::uint32_t known);

 private:
  lmdb::transaction& txn_;
  MDB_dbi table_;
};

/// Of a table whose keys are numbers. A key that is none counts as a row.
numbered_rows rows_of(const std::shared_ptr<lmdb::transaction>& txn,
                      MDB_dbi table);

/// Last key + 1: the number of entries, as keys have no holes. Throws wrong_row
/// if there are.
std::uint64_t next_key(const std::shared_ptr<lmdb::transaction>& txn,
                       MDB_dbi table);

/// Appends an entry. Throws corrupt, and ends the transaction, if there is an
/// entry at or after `key`.
void append(lmdb::table_cursor& writer, std::uint64_t key, MDB_val value);

std::uint64_t used_bytes(lmdb::transaction& txn,
                         std::initializer_list<MDB_dbi> tables);

/// Calls `before`, which may be empty, and commits. An exception of `before`
/// ends the transaction.
void commit(lmdb::transaction& txn, const std::function<void()>& before);

} // namespace chancery::storage
