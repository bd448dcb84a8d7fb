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
constexpr unsigned tables_max = 16;

// What LMDB 0.9 needs for so many readers (64 bytes each), rounded up.
constexpr off_t lock_file_bytes = 20480;

// LMDB does not write a page that a transaction both took and gave up, so a
// sound file may end a few pages before the last page that is counted.
constexpr std::uint64_t unwritten_pages_max = 16;

constexpr std::uint32_t writes_between_reader_checks = 4096;

// LMDB maps its lock file and makes it as a hole: on a full disk the first
// touch of it would be a SIGBUS. Allocating it first makes that an error.
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

// A reader without a lock is safe only where nobody writes.
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
  // Readers that died without a word would pin old pages for ever.
  int dead = 0;
  if ((flags & MDB_NOLOCK) == 0)
    code = ::mdb_reader_check(env_, &dead);
  if (code != 0)
    fail(code, "open");
  if (!options.read_only)
    find_last_commit();
}

// A writer that is killed right behind its last page has committed, but while
// some other process has the database open, LMDB says so only to the next
// writer: a reader would see the state before. Whoever goes on from what it has
// read must begin where the next writer does.
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

// A page past the end of the file is a SIGBUS when it is touched, so a file
// that was cut off is refused before anybody reads it.
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
    throw std::logic_error("this thread writes " + folder_.string() +
                           " already: a second transaction would wait for "
                           "the first for ever");
  int dead = 0;
  if (++writes_ % writes_between_reader_checks == 0)
    ::mdb_reader_check(env_, &dead);
}

} // namespace chancery::storage::lmdb
