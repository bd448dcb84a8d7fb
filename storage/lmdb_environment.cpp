// SPDX-License-Identifier: Apache-2.0
#include "storage/errors.hpp"
#include "storage/lmdb.hpp"
#include "storage/mount.hpp"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

namespace chancery::storage::lmdb {

namespace {

constexpr unsigned readers_max = 4096;

// Places for readers that a writing process takes when it opens the database,
// so that others' readers cannot keep it from working, and those that any
// process keeps for later.
constexpr std::size_t reserved_readers = 64;
constexpr std::size_t idle_readers_max = 128;
constexpr unsigned tables_max = 64;

// What LMDB 0.9 needs for readers_max readers (64 bytes each), rounded up.
constexpr off_t lock_file_bytes = off_t{readers_max} * 64 + 4096;

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
  } catch (const page_damage& damage) {
    close();
    lmdb::fail(damage, folder_, "");
  } catch (...) {
    close();
    throw;
  }
}

environment::~environment() { close(); }

void environment::close() noexcept {
  for (MDB_txn* txn : idle_readers_)
    ::mdb_txn_abort(txn);
  ::mdb_env_close(env_);
}

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
  if (options.check_pages)
    read_heads(folder_ / "data.mdb");
  int code = ::mdb_env_open(env_, folder_.c_str(), flags, 0600);
  if (code != 0)
    fail(code, "open");
  // Killed readers would pin old pages forever.
  int dead = 0;
  if ((flags & MDB_NOLOCK) == 0)
    code = ::mdb_reader_check(env_, &dead);
  if (code != 0)
    fail(code, "open");
  check_what_is_stored(options);
  if (!options.read_only)
    reserve_readers();
}

void environment::reserve_readers() {
  std::vector<MDB_txn*> taken;
  idle_readers_.reserve(idle_readers_max); // keep_reader throws nothing
  while (taken.size() < reserved_readers)
    taken.push_back(begin_reader());
  for (MDB_txn* txn : taken)
    keep_reader(txn);
}

MDB_txn* environment::begin_new_reader() {
  MDB_txn* txn = nullptr;
  int code = ::mdb_txn_begin(env_, nullptr, MDB_RDONLY, &txn);
  if (code == MDB_READERS_FULL) {
    int dead = 0;
    ::mdb_reader_check(env_, &dead);
    code = ::mdb_txn_begin(env_, nullptr, MDB_RDONLY, &txn);
  }
  if (code != 0)
    fail(code, "read");
  return txn;
}

MDB_txn* environment::begin_reader() {
  MDB_txn* txn = nullptr;
  {
    const std::scoped_lock lock(mutex_);
    if (!idle_readers_.empty()) {
      txn = idle_readers_.back();
      idle_readers_.pop_back();
    }
  }
  if (txn == nullptr)
    return begin_new_reader();
  if (const int code = ::mdb_txn_renew(txn); code != 0) {
    ::mdb_txn_abort(txn);
    fail(code, "read");
  }
  return txn;
}

void environment::keep_reader(MDB_txn* txn) noexcept {
  ::mdb_txn_reset(txn);
  {
    const std::scoped_lock lock(mutex_);
    if (idle_readers_.size() < idle_readers_max) {
      idle_readers_.push_back(txn);
      return;
    }
  }
  ::mdb_txn_abort(txn);
}

// A writer that is killed right after its last page has committed. While some
// other process has the database open, only the next writer sees that commit;
// readers see the state before it. A process that will append to what it reads
// must therefore begin a write transaction first.
void environment::check_what_is_stored(const environment_options& options) {
  const auto use =
      options.read_only ? opened_for::reading : opened_for::writing;
  if (options.read_only && !options.check_pages)
    return;
  for (bool done = false; !done;) {
    MDB_txn* txn = nullptr;
    const int code = ::mdb_txn_begin(env_, nullptr,
                                     options.read_only ? MDB_RDONLY : 0, &txn);
    if (code != 0)
      fail(code, "open");
    const std::unique_ptr<MDB_txn, decltype(&::mdb_txn_abort)> end(
        txn, ::mdb_txn_abort);
    done = !options.check_pages || check_at(txn, use);
  }
}

// False if a writer has replaced the head of the commit meanwhile.
bool environment::check_at(MDB_txn* txn, opened_for use) {
  const auto data = folder_ / "data.mdb";
  const auto heads = read_heads(data);
  const auto head = heads ? heads->of(commit_seen_by(txn, use)) : std::nullopt;
  if (!head)
    return false;
  map_ = find_map(txn, data, *head);
  if (map_)
    check_database(*map_, *head, use);
  return true;
}

void environment::name_table(MDB_dbi table, const char* name) {
  names_.resize(std::max(names_.size(), std::size_t{table} + 1));
  names_[table] = name == nullptr ? "" : name;
}

std::string_view environment::name_of(MDB_dbi table) const noexcept {
  return table < names_.size() ? std::string_view(names_[table])
                               : std::string_view{};
}

std::uint64_t environment::file_bytes() const {
  int fd = -1;
  struct stat status {};
  const int code = ::mdb_env_get_fd(env_, &fd);
  if (code != 0 || ::fstat(fd, &status) != 0)
    fail(code != 0 ? code : errno, "read");
  return static_cast<std::uint64_t>(status.st_size);
}

std::uint64_t environment::room() const {
  MDB_envinfo info{};
  struct statvfs disk {};
  if (const int code = ::mdb_env_info(env_, &info); code != 0)
    fail(code, "read");
  if (::statvfs(folder_.c_str(), &disk) != 0)
    fail(errno, "read");
  const std::uint64_t in_map =
      info.me_mapsize - std::min<std::uint64_t>(info.me_mapsize, file_bytes());
  return std::min<std::uint64_t>(in_map, disk.f_bavail * disk.f_frsize);
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
