// SPDX-License-Identifier: Apache-2.0
#include "storage/record_store_state.hpp"

#include <fmt/format.h>
#include <stdexcept>

namespace chancery::storage {

bool cursor::state::move(MDB_cursor_op op) {
  valid = cursor.get(key, value, op);
  if (valid && key.mv_size != sizeof(std::uint64_t))
    throw corrupt(fmt::format(
        "{} has a key of {} bytes: the database is damaged, restore it from "
        "a backup",
        cursor.txn().env().folder().string(), key.mv_size));
  return valid;
}

cursor::cursor(std::unique_ptr<state> s) : state_(std::move(s)) {}
cursor::cursor(cursor&&) noexcept = default;
cursor& cursor::operator=(cursor&&) noexcept = default;
cursor::~cursor() = default;

bool cursor::seek(std::uint64_t key) {
  number_key wanted(key);
  state_->key = wanted.value();
  return state_->move(MDB_SET_RANGE);
}

bool cursor::seek_back(std::uint64_t key) {
  if (!seek(key))
    return state_->move(MDB_LAST);
  return this->key() == key || state_->move(MDB_PREV);
}

bool cursor::next() { return state_->move(MDB_NEXT); }

std::uint64_t cursor::key() const {
  if (!state_->valid)
    throw std::logic_error("key() was called on a cursor without an entry");
  return from_big_endian<std::uint64_t>(lmdb::as_span(state_->key));
}

std::span<const std::byte> cursor::value() const {
  if (!state_->valid)
    throw std::logic_error("value() was called on a cursor without an entry");
  return lmdb::as_span(state_->value);
}

} // namespace chancery::storage
