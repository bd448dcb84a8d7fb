// SPDX-License-Identifier: Apache-2.0
#include "tests/storage/raw_entry.hpp"

#include "storage/big_endian.hpp"

#include <lmdb.h>
#include <stdexcept>

namespace chancery::tests {

namespace {

constexpr std::size_t map_size = std::size_t{1} << 30;

void check(int code) {
  if (code != 0)
    throw std::runtime_error(::mdb_strerror(code));
}

template <class Work>
void change(const std::filesystem::path& folder, const char* table, Work work) {
  MDB_env* env = nullptr;
  MDB_txn* txn = nullptr;
  MDB_dbi dbi = 0;
  check(::mdb_env_create(&env));
  check(::mdb_env_set_maxdbs(env, 16));
  check(::mdb_env_set_mapsize(env, map_size));
  check(::mdb_env_open(env, folder.c_str(), MDB_NOSYNC, 0600));
  check(::mdb_txn_begin(env, nullptr, 0, &txn));
  check(::mdb_dbi_open(txn, table, MDB_CREATE, &dbi));
  check(work(txn, dbi));
  check(::mdb_txn_commit(txn));
  ::mdb_env_close(env);
}

template <class T>
std::string text_of_number(T value) {
  const auto bytes = storage::to_big_endian(value);
  return {bytes.data(), bytes.size()};
}

} // namespace

void put_raw(const std::filesystem::path& folder, const char* table,
             std::string_view name, std::optional<std::string_view> value) {
  change(folder, table, [&](MDB_txn* txn, MDB_dbi dbi) {
    MDB_val key{name.size(), const_cast<char*>(name.data())};
    if (!value)
      return ::mdb_del(txn, dbi, &key, nullptr);
    MDB_val bytes{value->size(), const_cast<char*>(value->data())};
    return ::mdb_put(txn, dbi, &key, &bytes, 0);
  });
}

void drop_table(const std::filesystem::path& folder, const char* table) {
  change(folder, table,
         [](MDB_txn* txn, MDB_dbi dbi) { return ::mdb_drop(txn, dbi, 1); });
}

std::string number(std::uint32_t value) { return text_of_number(value); }

std::string number_64(std::uint64_t value) { return text_of_number(value); }

} // namespace chancery::tests
