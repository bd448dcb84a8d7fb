// SPDX-License-Identifier: Apache-2.0
#include "storage/store_parts.hpp"

#include "storage/errors.hpp"

#include <cerrno>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

namespace chancery::storage {

namespace {

// LMDB syncs its file, but not the file's directory entry.
void sync_name(const std::filesystem::path& folder) {
  const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0)
    lmdb::fail(errno, folder, "sync");
  const int code = ::fsync(fd) == 0 ? 0 : errno;
  ::close(fd);
  if (code != 0)
    lmdb::fail(code, folder, "sync");
}

} // namespace

void damaged(const std::filesystem::path& folder, std::string_view what) {
  throw corrupt(fmt::format("{} is damaged ({}): restore it from a backup",
                            folder.string(), what));
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

bool holds_a_database(const std::filesystem::path& folder) {
  std::error_code code;
  const auto size = std::filesystem::file_size(folder / "data.mdb", code);
  if (code && code.value() != ENOENT && code.value() != ENOTDIR)
    lmdb::fail(code.value(), folder, "open");
  return !code && size > 0;
}

void make_store(std::shared_ptr<lmdb::environment> env, bool sync,
                const std::function<void()>& before_commit,
                const std::function<void(lmdb::transaction&)>& fill) {
  const std::filesystem::path folder = env->folder();
  lmdb::transaction txn(std::move(env), txn_kind::write);
  // A database without tables is left by an interrupted creation.
  MDB_dbi names = 0;
  open_table(txn, nullptr, 0, names);
  if (txn.stat(names).ms_entries != 0)
    throw storage_error(fmt::format("{} holds a database already: use it, or "
                                    "choose another folder",
                                    folder.string()));
  fill(txn);
  commit(txn, before_commit);
  if (!sync)
    return;
  sync_name(folder);
  const auto parent = std::filesystem::absolute(folder / "..");
  sync_name(parent.lexically_normal());
}

bool open_table(lmdb::transaction& txn, const char* name, unsigned flags,
                MDB_dbi& table) {
  const int code = ::mdb_dbi_open(txn.get(), name, flags, &table);
  if (code != 0 && code != MDB_NOTFOUND)
    txn.fail(code, "open");
  if (code == 0)
    txn.name_table(table, name);
  return code == 0;
}

void meta_table::put(std::string_view name, MDB_val value) {
  if (!txn_.put(table_, as_value(name), value, MDB_NOOVERWRITE))
    txn_.fail(MDB_KEYEXIST, "write");
}

void meta_table::put(std::string_view name, std::uint32_t number) {
  auto bytes = to_big_endian(number);
  put(name, MDB_val{bytes.size(), bytes.data()});
}

void meta_table::replace(std::string_view name, MDB_val value) {
  txn_.put(table_, as_value(name), value, 0);
}

void meta_table::erase(std::string_view name) {
  txn_.erase(table_, as_value(name));
}

std::optional<std::span<const std::byte>>
meta_table::find(std::string_view name) {
  MDB_val value{};
  if (!txn_.find(table_, as_value(name), value))
    return std::nullopt;
  return lmdb::as_span(value);
}

std::span<const std::byte> meta_table::value(std::string_view name,
                                             std::size_t size) {
  MDB_val value{};
  if (!txn_.find(table_, as_value(name), value) || value.mv_size != size)
    damaged(txn_.env().folder(), fmt::format("meta table, {}", name));
  return lmdb::as_span(value);
}

std::uint32_t meta_table::number(std::string_view name) {
  return from_big_endian<std::uint32_t>(value(name, sizeof(std::uint32_t)));
}

std::uint32_t meta_table::format(std::uint32_t known) {
  const std::uint32_t format = number(format_name);
  const auto& folder = txn_.env().folder();
  if (format > known)
    throw storage_error(fmt::format(
        "{} was written by a newer chancery (format {}, this one knows {}): "
        "update chancery",
        folder.string(), format, known));
  if (format == 0)
    damaged(folder, "meta table, format");
  return format;
}

numbered_rows rows_of(const std::shared_ptr<lmdb::transaction>& txn,
                      MDB_dbi table) {
  numbered_rows found{txn->stat(table).ms_entries, 0};
  lmdb::table_cursor last(txn, table);
  MDB_val key{};
  MDB_val value{};
  bool there = last.get(key, value, MDB_LAST);
  while (there && key.mv_size != sizeof(std::uint64_t))
    there = last.get(key, value, MDB_PREV);
  if (!there)
    return found;
  found.end = from_big_endian<std::uint64_t>(lmdb::as_span(key)) + 1;
  return found;
}

std::uint64_t next_key(const std::shared_ptr<lmdb::transaction>& txn,
                       MDB_dbi table) {
  const auto found = rows_of(txn, table);
  if (!found.whole())
    throw wrong_row(fmt::format(
        "{} is damaged (table {}: {} rows, the last one with number {}): "
        "restore it from a backup",
        txn->env().folder().string(), txn->env().name_of(table), found.rows,
        found.end - 1));
  return found.end;
}

void append(lmdb::table_cursor& writer, std::uint64_t key, MDB_val value) {
  number_key k(key);
  if (writer.put(k.value(), value, MDB_APPEND | MDB_NOOVERWRITE))
    return;
  writer.txn().end();
  damaged(writer.txn().env().folder(),
          fmt::format("entry {} is not the last one", key));
}

std::uint64_t used_bytes(lmdb::transaction& txn,
                         std::initializer_list<MDB_dbi> tables) {
  std::uint64_t bytes = 0;
  for (const MDB_dbi table : tables) {
    const MDB_stat stat = txn.stat(table);
    bytes +=
        (stat.ms_branch_pages + stat.ms_leaf_pages + stat.ms_overflow_pages) *
        stat.ms_psize;
  }
  return bytes;
}

void commit(lmdb::transaction& txn, const std::function<void()>& before) {
  txn.get(); // throws before the hook runs if the transaction has ended
  try {
    if (before)
      before();
  } catch (...) {
    txn.end();
    throw;
  }
  txn.commit();
}

} // namespace chancery::storage
