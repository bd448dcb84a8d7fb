// SPDX-License-Identifier: Apache-2.0
#include "apps/platform/input_file.hpp"

#include "apps/platform/new_file.hpp"

#include <fcntl.h>
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

} // namespace chancery::apps
