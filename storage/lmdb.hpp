// SPDX-License-Identifier: Apache-2.0
#pragma once

// RAII wrappers of LMDB 0.9's environment, transactions and cursors. Internal
// to storage: no other folder includes this file or lmdb.h. They know tables
// and bytes, not what the bytes mean.
//
// Threads: an environment may be shared. A write transaction must end on the
// thread that began it, because that thread owns LMDB's writer lock: otherwise
// the lock would stay held, and every later writer would wait forever. Ending
// it on another thread therefore aborts the process with a message. A read
// transaction may move between threads (MDB_NOTLS), but only one may use it at
// a time.

#include "storage/database_check.hpp"
#include "storage/folder_claim.hpp"
#include "storage/lmdb_error.hpp"
#include "storage/page_guard.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <lmdb.h>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace chancery::storage::lmdb {

struct environment_options {
  std::size_t map_size = 0;
  bool read_only = false;
  bool sync = true;
  bool check_pages = true; ///< before LMDB reads them
};

class environment {
 public:
  /// Opens the folder's data.mdb; creates a missing one unless read_only. The
  /// folder must exist.
  environment(const std::filesystem::path& folder,
              const environment_options& options);
  environment(const environment&) = delete;
  environment& operator=(const environment&) = delete;
  ~environment();

  MDB_env* get() const noexcept { return env_; }
  const std::filesystem::path& folder() const noexcept { return folder_; }
  std::uint64_t file_bytes() const;
  /// Bytes by which the file may still grow: on its disk and in the map.
  std::uint64_t room() const;

  /// A read transaction of the current state. It takes one that keep_reader
  /// kept, whose place among the readers is its own, before a new place. Throws
  /// busy if there is neither. Any thread.
  MDB_txn* begin_reader();
  /// Ends a read transaction, and keeps its place. Any thread.
  void keep_reader(MDB_txn* txn) noexcept;

  /// LMDB's map, to check pages; nullptr where they are not checked.
  const mapped_file* map() const noexcept { return map_.get(); }

  /// Names of the tables by handle, for checks and errors. While the store is
  /// opened, by one thread.
  void name_table(MDB_dbi table, const char* name);
  std::string_view name_of(MDB_dbi table) const noexcept;

  [[noreturn]] void fail(int code, const char* doing) const {
    lmdb::fail(code, folder_, doing);
  }

 private:
  friend class transaction;
  void open(const environment_options& options);
  void check_what_is_stored(const environment_options& options);
  bool check_at(MDB_txn* txn, opened_for use);
  void before_write();
  void close() noexcept;
  void reserve_readers();
  MDB_txn* begin_new_reader();

  std::filesystem::path folder_;
  folder_claim claim_;
  MDB_env* env_ = nullptr;
  std::atomic<std::thread::id> writer_{};
  std::atomic<std::uint32_t> writes_{0};
  std::unique_ptr<mapped_file> map_;
  std::mutex mutex_;
  std::vector<MDB_txn*> idle_readers_; ///< guarded by mutex_
  std::vector<std::string> names_;
};

class transaction {
 public:
  enum class kind { read, write };

  transaction(std::shared_ptr<environment> env, kind k);
  transaction(const transaction&) = delete;
  transaction& operator=(const transaction&) = delete;
  ~transaction() { end(); }

  /// Moves a read transaction to the current state.
  void renew();
  /// Throws what fail() throws; the transaction ends either way.
  void commit();
  /// Aborts: nothing is stored. Idempotent.
  void end() noexcept;

  /// Throws std::logic_error after the transaction has ended.
  MDB_txn* get() const;
  const environment& env() const noexcept { return *env_; }
  void name_table(MDB_dbi table, const char* name) {
    env_->name_table(table, name);
  }
  bool writes() const noexcept { return kind_ == kind::write; }
  /// Changes with every renewal; 0 after the transaction has ended.
  std::uint64_t generation() const noexcept { return generation_; }

  /// Ends the transaction and throws the exception for `code`.
  [[noreturn]] void fail(int code, const char* doing);

  bool find(MDB_dbi table, MDB_val key, MDB_val& value);
  /// False on MDB_KEYEXIST.
  bool put(MDB_dbi table, MDB_val key, MDB_val value, unsigned flags);
  /// False when there is no such entry.
  bool erase(MDB_dbi table, MDB_val key);
  MDB_stat stat(MDB_dbi table);

  /// A new path of checked pages in a table; none where pages are not checked.
  std::optional<page_path> path_in(MDB_dbi table);
  /// Ends the transaction and throws corrupt.
  [[noreturn]] void fail(const page_damage& damage, MDB_dbi table);

 private:
  void require_own_thread() const noexcept;
  void over() noexcept;
  void find_pages();
  std::optional<page_path>& path(MDB_dbi table);

  std::shared_ptr<environment> env_;
  kind kind_;
  std::thread::id thread_;
  MDB_txn* txn_ = nullptr;
  std::uint64_t generation_ = 0;
  std::optional<page_guard> guard_;
  // By table, once it is used.
  std::vector<std::optional<std::optional<page_path>>> paths_;
  std::vector<MDB_dbi> walked_; ///< tables of which all pages were checked
};

/// Any use after its transaction has ended or was renewed throws
/// std::logic_error.
class table_cursor {
 public:
  table_cursor(std::shared_ptr<transaction> txn, MDB_dbi table);
  table_cursor(const table_cursor&) = delete;
  table_cursor& operator=(const table_cursor&) = delete;
  ~table_cursor();

  /// False when there is no such entry.
  bool get(MDB_val& key, MDB_val& value, MDB_cursor_op op);
  /// False on MDB_KEYEXIST.
  bool put(MDB_val key, MDB_val value, unsigned flags);

  transaction& txn() const noexcept { return *txn_; }

 private:
  void require_current() const;
  void check_way(const MDB_val& key, MDB_cursor_op op);

  std::shared_ptr<transaction> txn_;
  MDB_dbi table_;
  std::uint64_t generation_;
  std::optional<page_path> path_;
  std::string position_; ///< the key that get() found last
  MDB_cursor* cursor_ = nullptr;
};

inline MDB_val as_value(std::span<const std::byte> bytes) {
  // LMDB takes void* even where it only reads.
  return {bytes.size(), const_cast<std::byte*>(bytes.data())};
}

inline std::span<const std::byte> as_span(const MDB_val& value) {
  return {static_cast<const std::byte*>(value.mv_data), value.mv_size};
}

} // namespace chancery::storage::lmdb
