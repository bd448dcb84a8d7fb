// SPDX-License-Identifier: Apache-2.0
#include "crypto/keyring/keyring_file_io.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>
#include <system_error>

namespace chancery::crypto {

namespace {

// Room for about 200,000 keys.
constexpr off_t file_size_max = 64 << 20;

class descriptor {
 public:
  descriptor(const std::filesystem::path& file, int flags, mode_t mode = 0)
      : fd_(::open(file.c_str(), flags | O_CLOEXEC, mode)) {}
  ~descriptor() {
    if (fd_ >= 0)
      ::close(fd_);
  }
  descriptor(const descriptor&) = delete;
  descriptor& operator=(const descriptor&) = delete;

  bool is_open() const noexcept { return fd_ >= 0; }
  int get() const noexcept { return fd_; }

 private:
  int fd_;
};

[[noreturn]] void fail(const std::filesystem::path& file, const char* what) {
  throw std::system_error(errno, std::generic_category(),
                          fmt::format("{}: {}", file.string(), what));
}

void write_all(int fd, std::string_view text,
               const std::filesystem::path& file) {
  while (!text.empty()) {
    const auto n = ::write(fd, text.data(), text.size());
    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0)
      fail(file, "cannot be written");
    text.remove_prefix(static_cast<std::size_t>(n));
  }
}

void write_flushed(const std::filesystem::path& file, std::string_view text,
                   mode_t mode) {
  // A file that a crash left behind may have another mode or owner.
  if (::unlink(file.c_str()) != 0 && errno != ENOENT)
    fail(file, "cannot be removed");
  const descriptor fd(file, O_WRONLY | O_CREAT | O_EXCL, 0600);
  if (!fd.is_open())
    fail(file, "cannot be created");
  write_all(fd.get(), text, file);
  if (::fchmod(fd.get(), mode) != 0 || ::fsync(fd.get()) != 0)
    fail(file, "cannot be written to disk");
}

} // namespace

std::optional<file_content> read_file(const std::filesystem::path& file) {
  const descriptor fd(file, O_RDONLY);
  if (!fd.is_open()) {
    if (errno == ENOENT)
      return std::nullopt;
    fail(file, "cannot be read");
  }
  struct stat info {};
  if (::fstat(fd.get(), &info) != 0)
    fail(file, "cannot be read");
  if (!S_ISREG(info.st_mode) || info.st_size > file_size_max)
    throw std::runtime_error(
        fmt::format("{}: not a keyring file", file.string()));
  file_content content{std::string(static_cast<std::size_t>(info.st_size), 0),
                       info.st_mode & 07777};
  std::size_t filled = 0;
  while (filled < content.text.size()) {
    const auto n = ::read(fd.get(), content.text.data() + filled,
                          content.text.size() - filled);
    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0)
      fail(file, "cannot be read");
    if (n == 0)
      break;
    filled += static_cast<std::size_t>(n);
  }
  content.text.resize(filled);
  return content;
}

void replace_file(const std::filesystem::path& file, std::string_view text,
                  mode_t mode) {
  auto fresh = file;
  fresh += ".new";
  write_flushed(fresh, text, mode);
  if (::rename(fresh.c_str(), file.c_str()) != 0)
    fail(file, "cannot be replaced");
  const auto folder = file.has_parent_path() ? file.parent_path() : ".";
  const descriptor fd(folder, O_RDONLY | O_DIRECTORY);
  if (!fd.is_open() || ::fsync(fd.get()) != 0)
    fail(folder, "cannot be written to disk");
}

} // namespace chancery::crypto
