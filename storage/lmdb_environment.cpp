// SPDX-License-Identifier: Apache-2.0
#include "storage/errors.hpp"
#include "storage/lmdb.hpp"
#include "storage/mount.hpp"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

namespace chancery::storage::lmdb {

namespace {

constexpr unsigned readers_max = 254;
constexpr unsigned tables_max = 64;

// What LMDB 0.9 needs for readers_max readers (64 bytes each), rounded up.
constexpr off_t lock_file_bytes = 20480;

// LMDB does not write a page that one transaction both allocated and freed, so
// a sound file may end a few pages before the last page that LMDB counts.
constexpr std::uint64_t unwritten_pages_max = 16;

constexpr std::uint32_t writes_between_reader_checks = 4096;

// LMDB creates its lock file sparse and maps it: on a full disk the first
// access would raise SIGBUS. Allocating the file first gives an error instead.
void allocate_lock_file(const std::filesystem::path& folder) {
  const auto path = folder / "lock.mdb";
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0)
    fail(errno, folder, "open");
  struct stat status {};
  int code = ::fstat(fd, &status) == 0 ? 0 : errno;
  if (code == 0 && (status.st_size < lock_file_bytes ||
                    status.st_blocks * 512 < lock_file_bytes))
    code = ::posix_fallocate(fd, 0, lock_file_bytes);
  ::close(fd);
  if (code != 0)
    fail(code, folder, "open");
}

std::size_t round_up_to_page(std::size_t bytes) {
  const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  return std::max(bytes / page + (bytes % page != 0), std::size_t{16}) * page;
}

// Reading without a lock is safe only where nobody can write.
bool may_do_without_lock(const std::filesystem::path& folder) {
  const mount_mode mode = mount_mode_of(folder);
  if (mode == mount_mode::read_only_here)
    throw storage_error(fmt::format(
        "cannot open {}: it is mounted read-only here, but may be written "
        "elsewhere; mount it writable, as readers register in its lock.mdb",
        folder.string()));
  return mode == mount_mode::read_only;
}

} // namespace

environment::environment(const std::filesystem::path& folder,
                         const environment_options& options)
    : folder_(folder), claim_(folder) {
  const int code = ::mdb_env_create(&env_);
  if (code != 0)
    fail(code, "open");
  try {
    open(options);
  } catch (...) {
    ::mdb_env_close(env_);
    throw;
  }
}

environment::~environment() { ::mdb_env_close(env_); }

void environment::open(const environment_options& options) {
  unsigned flags = MDB_NOTLS;
  if (options.read_only)
    flags |= MDB_RDONLY;
  if (!options.sync)
    flags |= MDB_NOSYNC;
  if (options.read_only && may_do_without_lock(folder_))
    flags |= MDB_NOLOCK;
  else
    allocate_lock_file(folder_);
  ::mdb_env_set_mapsize(env_, round_up_to_page(options.map_size));
  ::mdb_env_set_maxreaders(env_, readers_max);
  ::mdb_env_set_maxdbs(env_, tables_max);
  int code = ::mdb_env_open(env_, folder_.c_str(), flags, 0600);
  if (code != 0)
    fail(code, "open");
  check_length();
  // Killed readers would pin old pages forever.
  int dead = 0;
  if ((flags & MDB_NOLOCK) == 0)
    code = ::mdb_reader_check(env_, &dead);
  if (code != 0)
    fail(code, "open");
  if (!options.read_only)
    find_last_commit();
}

// A writer that is killed right after its last page has committed. While some
// other process has the database open, only the next writer sees that commit;
// readers see the state before it. A process that will append to what it reads
// must therefore begin a write transaction first.
void environment::find_last_commit() {
  MDB_txn* txn = nullptr;
  const int code = ::mdb_txn_begin(env_, nullptr, 0, &txn);
  if (code != 0)
    fail(code, "open");
  ::mdb_txn_abort(txn);
}

std::uint64_t environment::file_bytes() const {
  int fd = -1;
  struct stat status {};
  const int code = ::mdb_env_get_fd(env_, &fd);
  if (code != 0 || ::fstat(fd, &status) != 0)
    fail(code != 0 ? code : errno, "read");
  return static_cast<std::uint64_t>(status.st_size);
}

// Accessing a page past the end of the file raises SIGBUS, so a truncated file
// is refused before it is read.
void environment::check_length() const {
  MDB_envinfo info{};
  MDB_stat stat{};
  int code = ::mdb_env_info(env_, &info);
  if (code == 0)
    code = ::mdb_env_stat(env_, &stat);
  if (code != 0)
    fail(code, "open");
  const std::uint64_t pages = info.me_last_pgno + 1;
  if (file_bytes() / stat.ms_psize + unwritten_pages_max < pages)
    fail(MDB_CORRUPTED, "open");
}

void environment::before_write() {
  if (writer_.load() == std::this_thread::get_id())
    throw std::logic_error("this thread already has a write transaction on " +
                           folder_.string() +
                           ": a second one would wait for it forever");
  int dead = 0;
  if (++writes_ % writes_between_reader_checks == 0)
    ::mdb_reader_check(env_, &dead);
}

} // namespace chancery::storage::lmdb
