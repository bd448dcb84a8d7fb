// SPDX-License-Identifier: Apache-2.0
#include "crypto/keyring/keyring_file_io.hpp"

#include "crypto/base/whole_file.hpp"

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
  explicit descriptor(const std::filesystem::path& file)
      : fd_(::open(file.c_str(), O_RDONLY | O_CLOEXEC)) {}
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

} // namespace

std::optional<file_content> read_file(const std::filesystem::path& file) {
  const descriptor fd(file);
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
  whole_file fresh(link_target(file));
  fresh.write(text);
  fresh.commit(mode, whole_file::existing::replace);
}

} // namespace chancery::crypto
