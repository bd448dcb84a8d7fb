// SPDX-License-Identifier: Apache-2.0
#include "apps/platform/new_file.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <memory>
#include <stdexcept>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace chancery::apps {

namespace fs = std::filesystem;

void throw_file_error(const char* doing, const fs::path& path) {
  const int code = errno;
  throw std::runtime_error(fmt::format("cannot {} {}: {}", doing, path.string(),
                                       std::strerror(code)));
}

namespace {

mode_t current_umask() {
  const mode_t mask = ::umask(077);
  ::umask(mask);
  return mask;
}

} // namespace

new_file::new_file(fs::path path, mode_t mode, existing what)
    : path_(std::move(path)), existing_(what) {
  std::error_code ignored;
  const auto status = fs::status(path_, ignored);
  int fd = -1;
  if (fs::is_directory(status)) {
    errno = EISDIR;
    fail("write");
  }
  if (fs::exists(status) && !fs::is_regular_file(status)) {
    fd = ::open(path_.c_str(), O_WRONLY | O_CLOEXEC);
  } else {
    if (fs::exists(status) && what == existing::keep) {
      errno = EEXIST;
      fail("write");
    }
    if (fs::is_symlink(fs::symlink_status(path_, ignored)))
      path_ = fs::weakly_canonical(path_); // replace what it points to
    auto name = path_.string() + ".XXXXXX";
    fd = ::mkostemp(name.data(), O_CLOEXEC); // mode 0600
    if (fd >= 0)
      temporary_ = name;
    if (fd >= 0 && ::fchmod(fd, mode & ~current_umask()) != 0) {
      ::close(fd);
      fail("set the mode of");
    }
  }
  if (fd < 0 || (file_ = ::fdopen(fd, "wb")) == nullptr)
    fail("write");
}

new_file::~new_file() {
  if (file_ != nullptr)
    std::fclose(file_);
  if (!temporary_.empty())
    ::unlink(temporary_.c_str());
}

void new_file::fail(const char* doing) const {
  const int code = errno;
  if (!temporary_.empty())
    ::unlink(temporary_.c_str());
  errno = code;
  throw_file_error(doing, path_);
}

void new_file::write(std::string_view bytes) {
  if (std::fwrite(bytes.data(), 1, bytes.size(), file_) != bytes.size())
    fail("write");
}

void new_file::commit(bool durable) {
  if (std::fflush(file_) != 0)
    fail("write");
  if (durable && !temporary_.empty() && ::fsync(::fileno(file_)) != 0)
    fail("write");
  if (std::fclose(std::exchange(file_, nullptr)) != 0)
    fail("write");
  if (temporary_.empty())
    return;
  if (existing_ == existing::keep) {
    // Fails when the name has appeared meanwhile. Some file systems support
    // only one of the two calls.
    if (::renameat2(AT_FDCWD, temporary_.c_str(), AT_FDCWD, path_.c_str(),
                    RENAME_NOREPLACE) != 0) {
      if (errno == EEXIST || ::link(temporary_.c_str(), path_.c_str()) != 0)
        fail("write");
      ::unlink(temporary_.c_str());
    }
  } else if (::rename(temporary_.c_str(), path_.c_str()) != 0) {
    fail("write");
  }
  temporary_.clear();
}

void write_file(const fs::path& path, std::string_view bytes, mode_t mode,
                new_file::existing what) {
  new_file file(path, mode, what);
  file.write(bytes);
  file.commit();
}

void append_durably(const fs::path& path, std::uintmax_t size,
                    std::string_view bytes) {
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0)
    throw_file_error("write", path);
  const std::unique_ptr<const int, void (*)(const int*)> closing(
      &fd, [](const int* open) { ::close(*open); });
  const auto end = static_cast<off_t>(size);
  if (::ftruncate(fd, end) != 0)
    throw_file_error("write", path);
  const ssize_t n = ::pwrite(fd, bytes.data(), bytes.size(), end);
  if (n >= 0 && static_cast<std::size_t>(n) != bytes.size())
    errno = ENOSPC; // the only cause of a short write
  if (n != static_cast<ssize_t>(bytes.size()) || ::fsync(fd) != 0)
    throw_file_error("write", path);
}

crypto::secret_string read_file(const fs::path& path, std::size_t size_max) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(
      std::fopen(path.c_str(), "rbe"), &std::fclose);
  if (!file)
    throw_file_error("read", path);
  // Unbuffered into memory that is wiped: the file may hold a secret.
  std::setvbuf(file.get(), nullptr, _IONBF, 0);
  crypto::secret_string bytes;
  crypto::secret_string part(4096, '\0');
  while (const std::size_t n =
             std::fread(part.data(), 1, part.size(), file.get())) {
    bytes.append(part, 0, n);
    if (bytes.size() > size_max)
      throw std::runtime_error(
          fmt::format("cannot read {}: it is longer than {} bytes, the limit "
                      "for this kind of file",
                      path.string(), size_max));
  }
  if (std::ferror(file.get()) != 0)
    throw_file_error("read", path);
  return bytes;
}

} // namespace chancery::apps
