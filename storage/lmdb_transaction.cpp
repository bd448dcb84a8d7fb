// SPDX-License-Identifier: Apache-2.0
#include "storage/lmdb.hpp"

#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <utility>

namespace chancery::storage::lmdb {

transaction::transaction(std::shared_ptr<environment> env, kind k)
    : env_(std::move(env)), kind_(k), thread_(std::this_thread::get_id()) {
  const unsigned flags = writes() ? 0 : MDB_RDONLY;
  if (writes())
    env_->before_write();
  int code = ::mdb_txn_begin(env_->get(), nullptr, flags, &txn_);
  if (code == MDB_READERS_FULL) {
    int dead = 0;
    ::mdb_reader_check(env_->get(), &dead);
    code = ::mdb_txn_begin(env_->get(), nullptr, flags, &txn_);
  }
  if (code != 0)
    env_->fail(code, writes() ? "write" : "read");
  if (writes())
    env_->writer_ = thread_;
  generation_ = 1;
}

void transaction::renew() {
  if (writes())
    throw std::logic_error("a write transaction cannot be renewed");
  ::mdb_txn_reset(get());
  const int code = ::mdb_txn_renew(txn_);
  if (code != 0)
    fail(code, "read");
  ++generation_;
}

void transaction::commit() {
  MDB_txn* txn = get();
  require_own_thread();
  over();
  const int code = ::mdb_txn_commit(txn);
  if (code != 0)
    env_->fail(code, "commit to");
}

void transaction::end() noexcept {
  if (txn_ == nullptr)
    return;
  require_own_thread();
  MDB_txn* txn = txn_;
  over();
  ::mdb_txn_abort(txn);
}

void transaction::over() noexcept {
  txn_ = nullptr;
  generation_ = 0;
  if (writes())
    env_->writer_ = std::thread::id{};
}

MDB_txn* transaction::get() const {
  if (txn_ == nullptr)
    throw std::logic_error("the transaction on " + env_->folder().string() +
                           " has already ended");
  return txn_;
}

void transaction::fail(int code, const char* doing) {
  end();
  env_->fail(code, doing);
}

bool transaction::find(MDB_dbi table, MDB_val key, MDB_val& value) {
  const int code = ::mdb_get(get(), table, &key, &value);
  if (code != 0 && code != MDB_NOTFOUND)
    fail(code, "read");
  return code == 0;
}

bool transaction::erase(MDB_dbi table, MDB_val key) {
  const int code = ::mdb_del(get(), table, &key, nullptr);
  if (code != 0 && code != MDB_NOTFOUND)
    fail(code, "write");
  return code == 0;
}

MDB_stat transaction::stat(MDB_dbi table) {
  MDB_stat stat{};
  const int code = ::mdb_stat(get(), table, &stat);
  if (code != 0)
    fail(code, "read");
  return stat;
}

void transaction::require_own_thread() const noexcept {
  if (!writes() || thread_ == std::this_thread::get_id())
    return;
  std::fprintf(stderr,
               "chancery: a write transaction on %s was ended on a thread that "
               "did not begin it; aborting, as later writers would hang\n",
               env_->folder().c_str());
  std::abort();
}

table_cursor::table_cursor(std::shared_ptr<transaction> txn, MDB_dbi table)
    : txn_(std::move(txn)), generation_(txn_->generation()) {
  const int code = ::mdb_cursor_open(txn_->get(), table, &cursor_);
  if (code != 0)
    txn_->fail(code, "read");
}

table_cursor::~table_cursor() {
  // When a transaction ends, LMDB frees the cursors of a write, not of a read.
  if (!txn_->writes() || generation_ == txn_->generation())
    ::mdb_cursor_close(cursor_);
}

void table_cursor::require_current() const {
  if (generation_ != txn_->generation())
    throw std::logic_error("a cursor on " + txn_->env().folder().string() +
                           " was used after its transaction ended or was "
                           "renewed");
}

bool table_cursor::get(MDB_val& key, MDB_val& value, MDB_cursor_op op) {
  require_current();
  const int code = ::mdb_cursor_get(cursor_, &key, &value, op);
  if (code != 0 && code != MDB_NOTFOUND)
    txn_->fail(code, "read");
  return code == 0;
}

bool table_cursor::put(MDB_val key, MDB_val value, unsigned flags) {
  require_current();
  const int code = ::mdb_cursor_put(cursor_, &key, &value, flags);
  if (code != 0 && code != MDB_KEYEXIST)
    txn_->fail(code, "write");
  return code == 0;
}

} // namespace chancery::storage::lmdb
