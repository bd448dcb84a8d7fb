// SPDX-License-Identifier: Apache-2.0
#pragma once

// LMDB 0.9's environment, transactions and cursors as objects that end what
// they began. Internal to storage: nobody else includes this or lmdb.h. It
// knows tables and bytes, not what is in them.
//
// Threads: an environment may be shared. A write transaction is begun and
// ended on one thread, because LMDB's writer lock belongs to the thread: ended
// elsewhere it would stay held, and every later writer would wait for ever. So
// that ends the process, with a word. A read transaction may change threads
// (MDB_NOTLS), but serves one at a time.

#include "storage/folder_claim.hpp"
#include "storage/lmdb_error.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <lmdb.h>
#include <memory>
#include <span>
#include <thread>

namespace chancery::storage::lmdb {

struct environment_options {
  std::size_t map_size = 0;
  bool read_only = false;
  bool sync = true;
};

class environment {
 public:
  /// Opens the folder's data.mdb, and makes it when it is missing, unless
  /// read_only. The folder exists.
  environment(const std::filesystem::path& folder,
              const environment_options& options);
  environment(const environment&) = delete;
  environment& operator=(const environment&) = delete;
  ~environment();

  MDB_env* get() const noexcept { return env_; }
  const std::filesystem::path& folder() const noexcept { return folder_; }
  std::uint64_t file_bytes() const;

  [[noreturn]] void fail(int code, const char* doing) const {
    lmdb::fail(code, folder_, doing);
  }

 private:
  friend class transaction;
  void open(const environment_options& options);
  void find_last_commit();
  void check_length() const;
  void before_write();

  std::filesystem::path folder_;
  folder_claim claim_;
  MDB_env* env_ = nullptr;
  std::atomic<std::thread::id> writer_{};
  std::atomic<std::uint32_t> writes_{0};
};

class transaction {
 public:
  enum class kind { read, write };

  transaction(std::shared_ptr<environment> env, kind k);
  transaction(const transaction&) = delete;
  transaction& operator=(const transaction&) = delete;
  ~transaction() { end(); }

  /// Moves a read transaction to now.
  void renew();
  /// Throws what fail() throws; the transaction is over either way.
  void commit();
  /// Leaves everything as it was; does nothing when it is over.
  void end() noexcept;

  /// Throws std::logic_error when it is over.
  MDB_txn* get() const;
  const environment& env() const noexcept { return *env_; }
  bool writes() const noexcept { return kind_ == kind::write; }
  /// Changes with every renewal and is 0 once it is over.
  std::uint64_t generation() const noexcept { return generation_; }

  /// Ends it and throws what `code` means.
  [[noreturn]] void fail(int code, const char* doing);

  bool find(MDB_dbi table, MDB_val key, MDB_val& value);
  MDB_stat stat(MDB_dbi table);

 private:
  void require_own_thread() const noexcept;
  void over() noexcept;

  std::shared_ptr<environment> env_;
  kind kind_;
  std::thread::id thread_;
  MDB_txn* txn_ = nullptr;
  std::uint64_t generation_ = 0;
};

/// Use after its transaction ended or was renewed throws std::logic_error.
class table_cursor {
 public:
  table_cursor(std::shared_ptr<transaction> txn, MDB_dbi table);
  table_cursor(const table_cursor&) = delete;
  table_cursor& operator=(const table_cursor&) = delete;
  ~table_cursor();

  /// False when there is no such entry.
  bool get(MDB_val& key, MDB_val& value, MDB_cursor_op op);
  /// False for MDB_KEYEXIST.
  bool put(MDB_val key, MDB_val value, unsigned flags);

  transaction& txn() const noexcept { return *txn_; }

 private:
  void require_current() const;

  std::shared_ptr<transaction> txn_;
  std::uint64_t generation_;
  MDB_cursor* cursor_ = nullptr;
};

inline MDB_val as_value(std::span<const std::byte> bytes) {
  // LMDB takes what it only reads as void*, too.
  return {bytes.size(), const_cast<std::byte*>(bytes.data())};
}

inline std::span<const std::byte> as_span(const MDB_val& value) {
  return {static_cast<const std::byte*>(value.mv_data), value.mv_size};
}

} // namespace chancery::storage::lmdb
