// SPDX-License-Identifier: Apache-2.0
#include "crypto/base/whole_file.hpp"

#include <fcntl.h>
#include <linux/magic.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <string>
#include <system_error>
#include <utility>

namespace chancery::crypto {

namespace fs = std::filesystem;

namespace {

/// As many as Linux follows (path_resolution(7)).
constexpr int links_max = 40;

constexpr std::string_view temporary_prefix = ".chancery-";
constexpr std::string_view temporary_suffix = "XXXXXX";

[[noreturn]] void fail_file(const char* doing, const fs::path& path) {
  const int code = errno;
  throw std::system_error(code, std::generic_category(),
                          std::string("cannot ") + doing + " " + path.string());
}

bool is_in_proc(const fs::path& path) {
  struct statfs info {};
  return ::statfs(parent_folder(path).c_str(), &info) == 0 &&
         info.f_type == PROC_SUPER_MAGIC;
}

} // namespace

fs::path link_target(fs::path path) {
  const auto first = path;
  for (int links = 0; links <= links_max; ++links) {
    std::error_code missing;
    const auto target = fs::read_symlink(path, missing);
    if (missing || is_in_proc(path))
      return path;
    path = parent_folder(path) / target; // the target alone if it is absolute
  }
  errno = ELOOP;
  fail_file("write", first);
}

fs::path parent_folder(const fs::path& path) {
  return path.has_parent_path() ? path.parent_path() : fs::path(".");
}

void sync_folder(const fs::path& folder) {
  const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0 && errno == EACCES) {
    ::sync(); // a folder that may be written and not read: all that is left
    return;
  }
  // Some file systems have no such operation (EINVAL), and keep names anyway.
  const bool synced = fd >= 0 && (::fsync(fd) == 0 || errno == EINVAL);
  const int code = errno;
  if (fd >= 0)
    ::close(fd);
  errno = code;
  if (!synced)
    fail_file("write to disk", folder);
}

void write_all(int fd, std::string_view bytes, const fs::path& path) {
  while (!bytes.empty()) {
    const auto n = ::write(fd, bytes.data(), bytes.size());
    if (n >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(n));
    } else if (errno == EAGAIN) { // another process may have set O_NONBLOCK
      pollfd room{fd, POLLOUT, 0};
      ::poll(&room, 1, -1);
    } else if (errno != EINTR) {
      fail_file("write", path);
    }
  }
}

std::string temporary_name(const fs::path& folder) {
  auto name = std::string(temporary_prefix).append(temporary_suffix);
  return (folder / name).string();
}

bool is_temporary_name(std::string_view name) {
  return name.starts_with(temporary_prefix) &&
         name.size() == temporary_prefix.size() + temporary_suffix.size();
}

whole_file::whole_file(fs::path place)
    : place_(std::move(place)),
      temporary_(temporary_name(parent_folder(place_))) {
  fd_ = ::mkostemp(temporary_.data(), O_CLOEXEC); // mode 0600
  if (fd_ < 0)
    fail_file("write", place_);
}

whole_file::~whole_file() {
  if (fd_ >= 0)
    ::close(fd_);
  if (!temporary_.empty())
    ::unlink(temporary_.c_str());
}

void whole_file::write(std::string_view bytes) {
  write_all(fd_, bytes, place_);
}

void whole_file::commit(mode_t mode, existing what, bool durable) {
  if (::fchmod(fd_, mode) != 0)
    fail_file("set the mode of", place_);
  if (durable && ::fsync(fd_) != 0)
    fail_file("write", place_);
  if (::close(std::exchange(fd_, -1)) != 0)
    fail_file("write", place_);
  take_name(what);
  if (durable)
    sync_folder(parent_folder(place_));
}

void whole_file::take_name(existing what) {
  const char* from = temporary_.c_str();
  const char* to = place_.c_str();
  if (what == existing::replace) {
    if (::rename(from, to) != 0)
      fail_file("write", place_);
    // Fails when the name has appeared meanwhile. Some file systems support
    // only one of the two calls.
  } else if (::renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) != 0) {
    if (errno == EEXIST || ::link(from, to) != 0)
      fail_file("write", place_);
    ::unlink(from);
  }
  temporary_.clear();
}

} // namespace chancery::crypto
