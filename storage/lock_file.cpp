// SPDX-License-Identifier: Apache-2.0
#include "storage/lock_file.hpp"

#include "storage/errors.hpp"

#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <string>
#include <string_view>
#include <sys/file.h>
#include <thread>
#include <unistd.h>
#include <utility>

namespace chancery::storage {

namespace {

// holder() holds a shared lock for some microseconds; a process that wants the
// lock at that moment retries instead of failing.
constexpr int tries = 1000;
constexpr auto pause = std::chrono::milliseconds(1);

[[noreturn]] void fail(const std::filesystem::path& path) {
  const int code = errno;
  const std::string text = fmt::format(
      "cannot lock {}: {} (check the folder, its owner and its disk)",
      path.string(), std::strerror(code));
  if (code == ENOSPC || code == EDQUOT)
    throw full(text);
  throw storage_error(text);
}

bool try_lock(int fd, int operation) {
  int result = 0;
  do
    result = ::flock(fd, operation | LOCK_NB);
  while (result != 0 && errno == EINTR);
  return result == 0;
}

// 0 if the file holds no number: its owner has just acquired the lock.
pid_t read_pid(int fd) {
  char text[24];
  const ssize_t n = ::pread(fd, text, sizeof text, 0);
  pid_t pid = 0;
  if (n > 0)
    std::from_chars(text, text + n, pid);
  return pid;
}

void write_pid(int fd, const std::filesystem::path& path) {
  const std::string text = fmt::format("{}\n", ::getpid());
  if (::ftruncate(fd, 0) != 0 || ::pwrite(fd, text.data(), text.size(), 0) !=
                                     static_cast<ssize_t>(text.size()))
    fail(path);
}

std::string in_use(const std::filesystem::path& path, pid_t pid) {
  const auto folder = path.has_parent_path() ? path.parent_path() : ".";
  const auto who = pid != 0 ? fmt::format("process {}", pid)
                            : std::string("another process");
  return fmt::format("{} is in use by {}: stop it or wait until it is done",
                     folder.string(), who);
}

void take(int fd, const std::filesystem::path& path) {
  for (int left = tries; !try_lock(fd, LOCK_EX); --left) {
    if (errno != EWOULDBLOCK)
      fail(path);
    // A shared lock succeeds if only calls of holder() are in the way.
    if (left == 0 || !try_lock(fd, LOCK_SH)) {
      const pid_t pid = read_pid(fd);
      throw locked(in_use(path, pid), pid);
    }
    try_lock(fd, LOCK_UN);
    std::this_thread::sleep_for(pause);
  }
}

} // namespace

lock_file::lock_file(const std::filesystem::path& path)
    : fd_(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)) {
  if (fd_ < 0)
    fail(path);
  try {
    take(fd_, path);
    write_pid(fd_, path);
  } catch (...) {
    ::close(fd_);
    throw;
  }
}

lock_file::lock_file(lock_file&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)) {}

lock_file& lock_file::operator=(lock_file&& other) noexcept {
  std::swap(fd_, other.fd_);
  return *this;
}

lock_file::~lock_file() {
  // Close instead of LOCK_UN: a forked child that ends must not release the
  // lock that its parent still holds through the same open file.
  if (fd_ >= 0)
    ::close(fd_);
}

std::optional<pid_t> lock_file::holder(const std::filesystem::path& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) {
    if (errno == ENOENT)
      return std::nullopt;
    fail(path);
  }
  const bool free = try_lock(fd, LOCK_SH);
  const bool failed = !free && errno != EWOULDBLOCK;
  const std::optional<pid_t> pid =
      free ? std::nullopt : std::optional(read_pid(fd));
  ::close(fd);
  if (failed)
    fail(path);
  return pid;
}

} // namespace chancery::storage
