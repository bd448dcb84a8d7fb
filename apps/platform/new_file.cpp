// SPDX-License-Identifier: Apache-2.0
#include "apps/platform/new_file.hpp"

#include <cerrno>
#include <charconv>
#include <cstdio>
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

constexpr std::size_t buffer_size = 64 * 1024;

mode_t current_umask() {
  const mode_t mask = ::umask(077);
  ::umask(mask);
  return mask;
}

/// Where writing to a path ends up.
struct destination {
  fs::path place;
  fs::file_status status; ///< of the place; for an open file, of the link
  bool open_file = false; ///< a link in /proc: /dev/stdout, /dev/fd/3
};

destination destination_of(const fs::path& path) {
  auto place = crypto::link_target(path);
  std::error_code error;
  const auto own = fs::symlink_status(place, error);
  if (own.type() == fs::file_type::none) {
    errno = error.value();
    throw_file_error("write", path);
  }
  const bool open_file = own.type() == fs::file_type::symlink;
  return {std::move(place), own, open_file};
}

/// The descriptor of this process that a link in /proc stands for.
std::optional<int> own_descriptor(const fs::path& link) {
  std::error_code error;
  const auto folder = fs::canonical(crypto::parent_folder(link), error);
  const auto name = link.filename().string();
  int number = -1;
  const auto* end = name.data() + name.size();
  if (error || folder.filename() != "fd" ||
      !folder.native().starts_with(fmt::format("/proc/{}/", ::getpid())) ||
      std::from_chars(name.data(), end, number).ptr != end)
    return std::nullopt;
  return number;
}

/// A duplicate of an inherited descriptor: opening the link would begin at the
/// file's first byte, and would not work for a socket. A descriptor that would
/// not be inherited is a file of our own, such as the database.
int duplicate(int descriptor) {
  const int flags = ::fcntl(descriptor, F_GETFD);
  if (flags >= 0 && (flags & FD_CLOEXEC) != 0)
    errno = EBADF;
  return flags < 0 || (flags & FD_CLOEXEC) != 0
             ? -1
             : ::fcntl(descriptor, F_DUPFD_CLOEXEC, 3);
}

int open_stream(const destination& to) {
  if (!to.open_file)
    return ::open(to.place.c_str(), O_WRONLY | O_NOCTTY | O_CLOEXEC);
  if (const auto own = own_descriptor(to.place))
    return duplicate(*own);
  // Another process's file: what it wrote is not ours to replace.
  return ::open(to.place.c_str(), O_WRONLY | O_APPEND | O_NOCTTY | O_CLOEXEC);
}

} // namespace

new_file::new_file(fs::path path, mode_t mode, existing what)
    : path_(std::move(path)), mode_(mode), existing_(what) {
  const auto to = destination_of(path_);
  std::error_code ignored;
  if (fs::is_directory(fs::status(to.place, ignored))) {
    errno = EISDIR;
    throw_file_error("write", path_);
  }
  if (fs::exists(to.status) && !fs::is_regular_file(to.status)) {
    stream_ = open_stream(to);
    if (stream_ < 0)
      throw_file_error("write", path_);
    return;
  }
  if (fs::exists(to.status) && what == existing::keep) {
    errno = EEXIST;
    throw_file_error("write", path_);
  }
  file_.emplace(to.place);
}

new_file::~new_file() {
  if (stream_ >= 0)
    ::close(stream_);
}

void new_file::write(std::string_view bytes) {
  if (buffer_.size() + bytes.size() > buffer_size)
    flush();
  if (bytes.size() < buffer_size)
    buffer_.append(bytes);
  else if (file_)
    file_->write(bytes);
  else
    crypto::write_all(stream_, bytes, path_);
}

void new_file::flush() {
  if (file_)
    file_->write(buffer_);
  else
    crypto::write_all(stream_, buffer_, path_);
  buffer_.clear();
}

void new_file::commit(bool durable) {
  flush();
  if (file_)
    file_->commit(mode_ & ~current_umask(), existing_, durable);
  else if (::close(std::exchange(stream_, -1)) != 0)
    throw_file_error("write", path_);
}

void write_file(const fs::path& path, std::string_view bytes, mode_t mode,
                new_file::existing what) {
  new_file file(path, mode, what);
  file.write(bytes);
  file.commit();
}

bool replaces_a_file(const fs::path& path) {
  return fs::is_regular_file(destination_of(path).status);
}

bool is_standard_output(const fs::path& path) {
  const auto to = destination_of(path);
  return to.open_file && own_descriptor(to.place) == STDOUT_FILENO;
}

void append_durably(const fs::path& path, std::uintmax_t size,
                    std::string_view bytes) {
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0)
    throw_file_error("write", path);
  const std::unique_ptr<const int, void (*)(const int*)> closing(
      &fd, [](const int* open) { ::close(*open); });
  const auto end = static_cast<off_t>(size);
  if (::ftruncate(fd, end) != 0 || ::lseek(fd, end, SEEK_SET) < 0)
    throw_file_error("write", path);
  try {
    crypto::write_all(fd, bytes, path);
    if (::fsync(fd) != 0)
      throw_file_error("write", path);
  } catch (...) {
    [[maybe_unused]] const int tried = ::ftruncate(fd, end);
    throw;
  }
  if (size == 0) // perhaps it is new
    crypto::sync_folder(crypto::parent_folder(crypto::link_target(path)));
}

bool remove_file(const fs::path& path) {
  const auto place = crypto::link_target(path);
  if (::unlink(place.c_str()) != 0) {
    if (errno == ENOENT)
      return false;
    throw_file_error("remove", path);
  }
  crypto::sync_folder(crypto::parent_folder(place));
  return true;
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
