// SPDX-License-Identifier: Apache-2.0
#include "storage/lmdb_error.hpp"

#include "storage/errors.hpp"

#include <cerrno>
#include <fmt/format.h>
#include <lmdb.h>
#include <string>
#include <string_view>
#include <sys/resource.h>
#include <sys/statvfs.h>

namespace chancery::storage::lmdb {

namespace {

// LMDB reports a short write, the usual sign of a full disk, as EIO. With less
// than this left, the disk is reported as full rather than broken.
constexpr std::uint64_t nearly_full_bytes = std::uint64_t{1} << 20;

// A write beyond `ulimit -f` is a short one at first, up to the limit.
bool has_limit_size(const std::filesystem::path& folder) {
  rlimit limit{};
  std::error_code error;
  const auto size = std::filesystem::file_size(folder / "data.mdb", error);
  return !error && ::getrlimit(RLIMIT_FSIZE, &limit) == 0 &&
         size >= limit.rlim_cur;
}

bool disk_is_full(const std::filesystem::path& folder) {
  struct statvfs disk {};
  return ::statvfs(folder.c_str(), &disk) == 0 &&
         disk.f_bavail * disk.f_frsize < nearly_full_bytes;
}

std::string_view advice(int code) {
  switch (code) {
  case MDB_VERSION_MISMATCH:
    return "another version of LMDB wrote it, use the chancery that wrote it";
  case MDB_MAP_RESIZED:
    return "it has outgrown this --map-size, give a larger one";
  case MDB_TXN_FULL:
    return "too much in one transaction, commit more often";
  case MDB_PANIC:
    return "an earlier commit failed; run again to continue from what is "
           "stored";
  case EACCES:
  case EPERM:
    return "run as the folder's owner (readers, too, must be able to write its "
           "lock.mdb)";
  case EROFS:
    return "the file system is read-only, mount it writable";
  case ENOMEM:
    return "not enough memory or address space, give a lower --map-size";
  case EIO:
    return "check the disk, then run again to continue from what is stored";
  case ENOENT:
  case ENOTDIR:
    return "check the path";
  case EAGAIN:
    // A reader locks the byte of its process id in lock.mdb, as a sign of life.
    return "another process with the same process id reads it, as process 1 of "
           "two containers does: start one of them with --init, or let them "
           "share the host's process ids with --pid=host";
  default:
    return "run again to continue from what is stored";
  }
}

} // namespace

void fail(int code, const std::filesystem::path& folder, const char* doing) {
  const std::string path = folder.string();
  switch (code) {
  case MDB_MAP_FULL:
    throw full(fmt::format("cannot {} {}: its map is full, give a larger "
                           "--map-size (nothing of this step was stored)",
                           doing, path));
  case EFBIG:
    throw full(fmt::format("cannot {} {}: File too large, raise `ulimit -f` or "
                           "use a file system for larger files (nothing of "
                           "this step was stored)",
                           doing, path));
  case EIO:
    if (has_limit_size(folder))
      fail(EFBIG, folder, doing);
    if (!disk_is_full(folder))
      break;
    [[fallthrough]];
  case ENOSPC:
  case EDQUOT:
    throw full(fmt::format("cannot {} {}: the disk is full, free some space "
                           "(nothing of this step was stored)",
                           doing, path));
  case MDB_READERS_FULL:
    throw busy(fmt::format("cannot {} {}: too many readers at once, stop some "
                           "of them or try again later",
                           doing, path));
  case MDB_CORRUPTED:
  case MDB_PAGE_NOTFOUND:
  case MDB_INVALID:
  case MDB_INCOMPATIBLE:
    throw corrupt(fmt::format(
        "cannot {} {}: the database is damaged, restore it from a backup",
        doing, path));
  default:
    break;
  }
  throw storage_error(fmt::format("cannot {} {}: {} ({})", doing, path,
                                  ::mdb_strerror(code), advice(code)));
}

void fail(const page_damage& damage, const std::filesystem::path& folder,
          std::string_view table) {
  const std::string where =
      table.empty() ? "" : fmt::format("table {}, ", table);
  throw corrupt(fmt::format("{} is damaged ({}{}): restore it from a backup",
                            folder.string(), where, damage.what()));
}

} // namespace chancery::storage::lmdb
