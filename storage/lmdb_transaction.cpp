// SPDX-License-Identifier: Apache-2.0
#include "storage/lmdb.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <utility>

namespace chancery::storage::lmdb {

namespace {

constexpr int tries_max = 8;

// LMDB puts a node of nearly half a page, with its key of up to 511 bytes, on
// overflow pages.
constexpr std::size_t node_rest_max = 540;

bool may_be_outside(const environment& env, const MDB_val& value) {
  return env.map() != nullptr &&
         value.mv_size + node_rest_max > env.map()->page_size() / 2;
}

template <class Check>
void check_pages(transaction& txn, MDB_dbi table,
                 std::optional<page_path>& path, const Check& check) {
  if (!path)
    return;
  try {
    check(*path);
  } catch (const page_damage& damage) {
    txn.fail(damage, table);
  }
}

} // namespace

transaction::transaction(std::shared_ptr<environment> env, kind k)
    : env_(std::move(env)), kind_(k), thread_(std::this_thread::get_id()) {
  if (writes()) {
    env_->before_write();
    if (const int code = ::mdb_txn_begin(env_->get(), nullptr, 0, &txn_))
      env_->fail(code, "write");
    env_->writer_ = thread_;
  } else {
    txn_ = env_->begin_reader();
  }
  generation_ = 1;
  if (env_->map() != nullptr)
    find_pages();
}

// A reader looks again while a writer may be replacing its head. But it keeps
// seeing the commit before the last one if the last one's writer was killed
// before it told the others: until a new writer comes.
void transaction::find_pages() {
  const auto use = writes() ? opened_for::writing : opened_for::reading;
  guard_.emplace(*env_->map());
  try {
    for (int tries = 1;
         !guard_->move_to(commit_seen_by(txn_, use), tries > tries_max);
         ++tries) {
      ::mdb_txn_reset(txn_);
      if (const int code = ::mdb_txn_renew(txn_); code != 0)
        fail(code, "read");
    }
  } catch (const page_damage& damage) {
    fail(damage, 0);
  }
  paths_.clear();
  walked_.clear();
}

std::optional<page_path> transaction::path_in(MDB_dbi table) {
  if (!guard_)
    return std::nullopt;
  try {
    return guard_->path_in(env_->name_of(table));
  } catch (const page_damage& damage) {
    fail(damage, table);
  }
}

std::optional<page_path>& transaction::path(MDB_dbi table) {
  if (paths_.size() <= table)
    paths_.resize(table + 1);
  auto& path = paths_[table];
  if (!path)
    path.emplace(path_in(table));
  return *path;
}

void transaction::fail(const page_damage& damage, MDB_dbi table) {
  end();
  lmdb::fail(damage, env_->folder(), env_->name_of(table));
}

void transaction::renew() {
  if (writes())
    throw std::logic_error("a write transaction cannot be renewed");
  ::mdb_txn_reset(get());
  const int code = ::mdb_txn_renew(txn_);
  if (code != 0)
    fail(code, "read");
  ++generation_;
  if (guard_)
    find_pages();
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
  if (writes())
    ::mdb_txn_abort(txn);
  else
    env_->keep_reader(txn);
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
  MDB_txn* txn = get();
  auto& way = path(table);
  check_pages(*this, table, way, [&](auto& p) { p.to(as_span(key)); });
  const int code = ::mdb_get(txn, table, &key, &value);
  if (code != 0 && code != MDB_NOTFOUND)
    fail(code, "read");
  if (code == 0 && may_be_outside(*env_, value))
    check_pages(*this, table, way, [&](auto& p) { p.value_of(as_span(key)); });
  return code == 0;
}

bool transaction::put(MDB_dbi table, MDB_val key, MDB_val value,
                      unsigned flags) {
  MDB_txn* txn = get();
  check_pages(*this, table, path(table), [&](auto& p) { p.to(as_span(key)); });
  const int code = ::mdb_put(txn, table, &key, &value, flags);
  if (code != 0 && code != MDB_KEYEXIST)
    fail(code, "write");
  return code == 0;
}

// LMDB may join the pages beside it, of any depth, so all are checked: it is
// seldom that something is erased.
bool transaction::erase(MDB_dbi table, MDB_val key) {
  MDB_txn* txn = get();
  if (std::ranges::find(walked_, table) == walked_.end()) {
    check_pages(*this, table, path(table), [](auto& p) {
      for (bool more = p.to_first(); more; more = p.to_next_leaf()) {
      }
    });
    walked_.push_back(table);
  }
  const int code = ::mdb_del(txn, table, &key, nullptr);
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
    : txn_(std::move(txn)), table_(table), generation_(txn_->generation()),
      path_(txn_->path_in(table)) {
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

void table_cursor::check_way(const MDB_val& key, MDB_cursor_op op) {
  const auto position = std::as_bytes(std::span(position_));
  check_pages(*txn_, table_, path_, [&](page_path& path) {
    switch (op) {
    case MDB_FIRST:
      path.to_first();
      break;
    case MDB_LAST:
      path.to_last();
      break;
    case MDB_NEXT:
      path.after(position);
      break;
    case MDB_PREV:
      path.before(position);
      break;
    default:
      path.to(as_span(key));
    }
  });
}

bool table_cursor::get(MDB_val& key, MDB_val& value, MDB_cursor_op op) {
  require_current();
  check_way(key, op);
  const int code = ::mdb_cursor_get(cursor_, &key, &value, op);
  if (code != 0 && code != MDB_NOTFOUND)
    txn_->fail(code, "read");
  if (code != 0)
    return false;
  position_.assign(static_cast<const char*>(key.mv_data), key.mv_size);
  if (may_be_outside(txn_->env(), value))
    check_pages(*txn_, table_, path_,
                [&](page_path& path) { path.value_of(as_span(key)); });
  return true;
}

bool table_cursor::put(MDB_val key, MDB_val value, unsigned flags) {
  require_current();
  check_way(key, (flags & MDB_APPEND) != 0 ? MDB_LAST : MDB_SET_RANGE);
  const int code = ::mdb_cursor_put(cursor_, &key, &value, flags);
  if (code != 0 && code != MDB_KEYEXIST)
    txn_->fail(code, "write");
  return code == 0;
}

} // namespace chancery::storage::lmdb
