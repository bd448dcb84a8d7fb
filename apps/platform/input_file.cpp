// SPDX-License-Identifier: Apache-2.0
#include "apps/platform/input_file.hpp"

#include "apps/platform/new_file.hpp"

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <stdexcept>
#include <unistd.h>

namespace chancery::apps {

input_file::input_file(const std::filesystem::path& path)
    : fd_(path == "-" ? STDIN_FILENO
                      : ::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
  if (fd_ < 0)
    throw_file_error("read", path);
}

input_file::~input_file() {
  if (fd_ != STDIN_FILENO)
    ::close(fd_);
}

std::string read_input(const std::filesystem::path& path,
                       std::size_t size_max) {
  const input_file input(path);
  std::string bytes;
  std::array<char, 65'536> part;
  for (;;) {
    const auto n = ::read(input.descriptor(), part.data(), part.size());
    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0)
      throw_file_error("read", path);
    if (n == 0)
      return bytes;
    bytes.append(part.data(), static_cast<std::size_t>(n));
    if (bytes.size() > size_max)
      throw std::runtime_error(
          fmt::format("cannot read {}: it is longer than {} bytes, the limit "
                      "for this kind of file",
                      path.string(), size_max));
  }
}

} // namespace chancery::apps
