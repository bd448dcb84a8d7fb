// SPDX-License-Identifier: Apache-2.0
//
// The meta table, big endian:
//
//   format          u32       of this schema; see record_store::format
//   folder_id       16 bytes  random, names the data folder in leases
//   signature_size  u32       bytes of every value in signatures
//   last_epoch      u64       sequence of the last "epoch opened" event;
//                             missing before the first

#include "storage/record_store.hpp"

#include "storage/record_store_state.hpp"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <fmt/format.h>
#include <stdexcept>
#include <sys/stat.h>
#include <unistd.h>

namespace chancery::storage {

namespace {

using txn_kind = lmdb::transaction::kind;

constexpr std::uint32_t signature_size_max = 1024;

std::shared_ptr<lmdb::environment>
environment_of(const std::shared_ptr<open_store>& store) {
  return {store, &store->env};
}

// False when there is no such table.
bool open_table(lmdb::transaction& txn, const char* name, unsigned flags,
                MDB_dbi& table) {
  const int code = ::mdb_dbi_open(txn.get(), name, flags, &table);
  if (code != 0 && code != MDB_NOTFOUND)
    txn.fail(code, "open");
  return code == 0;
}

bool open_tables(lmdb::transaction& txn, unsigned flags, record_tables& t) {
  return open_table(txn, "meta", flags, t.meta) &&
         open_table(txn, "records", flags, t.records) &&
         open_table(txn, "signatures", flags, t.signatures) &&
         open_table(txn, "batches", flags, t.batches) &&
         open_table(txn, "journal", flags, t.journal);
}

[[noreturn]] void missing(const std::filesystem::path& folder) {
  throw storage_error(fmt::format("no chancery data in {}: run `chancery init`",
                                  folder.string()));
}

[[noreturn]] void damaged(const std::filesystem::path& folder,
                          std::string_view what) {
  throw corrupt(fmt::format("{} is damaged ({}): restore it from a backup",
                            folder.string(), what));
}

bool holds_a_database(const std::filesystem::path& folder) {
  std::error_code code;
  const auto size = std::filesystem::file_size(folder / "data.mdb", code);
  if (code && code.value() != ENOENT && code.value() != ENOTDIR)
    lmdb::fail(code.value(), folder, "open");
  return !code && size > 0;
}

void put_meta(lmdb::transaction& txn, MDB_dbi table, std::string_view name,
              MDB_val value) {
  MDB_val key = as_value(name);
  const int code = ::mdb_put(txn.get(), table, &key, &value, MDB_NOOVERWRITE);
  if (code != 0)
    txn.fail(code, "write");
}

void put_info(lmdb::transaction& txn, MDB_dbi table, const store_info& info) {
  auto number = to_big_endian(record_store::format);
  put_meta(txn, table, meta::format, {number.size(), number.data()});
  number = to_big_endian(info.signature_size);
  put_meta(txn, table, meta::signature_size, {number.size(), number.data()});
  auto id = info.folder_id;
  put_meta(txn, table, meta::folder_id, {id.size(), id.data()});
}

std::span<const std::byte> meta_value(lmdb::transaction& txn, MDB_dbi table,
                                      std::string_view name, std::size_t size) {
  MDB_val value{};
  if (!txn.find(table, as_value(name), value) || value.mv_size != size)
    damaged(txn.env().folder(), fmt::format("meta table, {}", name));
  return lmdb::as_span(value);
}

store_info read_info(lmdb::transaction& txn, MDB_dbi table) {
  const auto number = [&](std::string_view name) {
    return from_big_endian<std::uint32_t>(meta_value(txn, table, name, 4));
  };
  store_info info;
  info.format = number(meta::format);
  const auto& folder = txn.env().folder();
  if (info.format > record_store::format)
    throw storage_error(fmt::format(
        "{} was written by a newer chancery (format {}, this one knows {}): "
        "update chancery",
        folder.string(), info.format, record_store::format));
  info.signature_size = number(meta::signature_size);
  if (info.format == 0 || info.signature_size == 0 ||
      info.signature_size > signature_size_max)
    damaged(folder, "meta table");
  const auto id = meta_value(txn, table, meta::folder_id, 16);
  std::ranges::transform(id, info.folder_id.begin(), [](std::byte b) {
    return std::to_integer<std::uint8_t>(b);
  });
  return info;
}

// LMDB syncs its file, not the name of the file.
void sync_name(const std::filesystem::path& folder) {
  const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0)
    lmdb::fail(errno, folder, "sync");
  const int code = ::fsync(fd) == 0 ? 0 : errno;
  ::close(fd);
  if (code != 0)
    lmdb::fail(code, folder, "sync");
}

void make_folder(const std::filesystem::path& folder) {
  std::error_code code;
  if (std::filesystem::is_directory(folder, code))
    return;
  if (folder.has_parent_path())
    std::filesystem::create_directories(folder.parent_path(), code);
  if (code)
    lmdb::fail(code.value(), folder, "make");
  if (::mkdir(folder.c_str(), 0700) != 0)
    lmdb::fail(errno, folder, "make");
}

} // namespace

void record_store::create(const std::filesystem::path& folder,
                          const store_info& info,
                          const store_options& options) {
  if (info.signature_size == 0 || info.signature_size > signature_size_max ||
      options.read_only)
    throw std::invalid_argument("a store that cannot be made");
  make_folder(folder);
  const auto store = std::make_shared<open_store>(folder, options);
  lmdb::transaction txn(environment_of(store), txn_kind::write);
  // A database without tables is what an `init` that was cut short left.
  MDB_dbi names = 0;
  open_table(txn, nullptr, 0, names);
  if (txn.stat(names).ms_entries != 0)
    throw storage_error(fmt::format("{} holds a database already: use it, or "
                                    "choose another folder",
                                    folder.string()));
  open_tables(txn, MDB_CREATE, store->tables);
  put_info(txn, store->tables.meta, info);
  if (options.before_commit)
    options.before_commit();
  txn.commit();
  if (!options.sync)
    return;
  sync_name(folder);
  const auto parent = std::filesystem::absolute(folder / "..");
  sync_name(parent.lexically_normal());
}

record_store::record_store(const std::filesystem::path& folder,
                           const store_options& options) {
  if (!holds_a_database(folder))
    missing(folder);
  const auto store = std::make_shared<open_store>(folder, options);
  lmdb::transaction txn(environment_of(store), txn_kind::read);
  if (!open_table(txn, "meta", 0, store->tables.meta))
    missing(folder);
  store->info = read_info(txn, store->tables.meta);
  if (!open_tables(txn, 0, store->tables))
    damaged(folder, "a table is missing");
  txn.commit(); // which is how LMDB keeps the handles of the tables
  state_ = std::make_unique<state>(store);
}

record_store::record_store(record_store&&) noexcept = default;
record_store::~record_store() = default;

const store_info& record_store::info() const noexcept {
  return state_->store->info;
}

std::uint64_t record_store::used_bytes() const {
  const auto& store = state_->store;
  lmdb::transaction txn(environment_of(store), txn_kind::read);
  const record_tables& t = store->tables;
  std::uint64_t bytes = 0;
  for (const MDB_dbi table :
       {t.meta, t.records, t.signatures, t.batches, t.journal}) {
    const MDB_stat stat = txn.stat(table);
    bytes +=
        (stat.ms_branch_pages + stat.ms_leaf_pages + stat.ms_overflow_pages) *
        stat.ms_psize;
  }
  return bytes;
}

std::uint64_t record_store::file_bytes() const {
  return state_->store->env.file_bytes();
}

snapshot record_store::read() const {
  return snapshot(
      std::make_unique<snapshot::state>(state_->store, txn_kind::read));
}

write_transaction record_store::write() {
  if (state_->store->options.read_only)
    throw std::logic_error("a store that was opened to read was written to");
  return write_transaction(
      std::make_unique<snapshot::state>(state_->store, txn_kind::write));
}

} // namespace chancery::storage
