// SPDX-License-Identifier: Apache-2.0
#include "apps/platform/spool_file.hpp"

#include "apps/platform/new_file.hpp"
#include "crypto/base/whole_file.hpp"

#include <array>
#include <cstdlib>
#include <fcntl.h>
#include <unistd.h>

namespace chancery::apps {

spool_file::spool_file()
    : folder_(std::filesystem::temp_directory_path()),
      file_(nullptr, &std::fclose) {
  auto name = crypto::temporary_name(folder_);
  const int fd = ::mkostemp(name.data(), O_CLOEXEC);
  if (fd < 0)
    throw_file_error("make a temporary file in", folder_);
  ::unlink(name.c_str());
  file_.reset(::fdopen(fd, "w+"));
  if (!file_) {
    ::close(fd);
    throw_file_error("make a temporary file in", folder_);
  }
}

void spool_file::write(std::string_view bytes) {
  if (std::fwrite(bytes.data(), 1, bytes.size(), file_.get()) != bytes.size())
    throw_file_error("write a temporary file in", folder_);
  size_ += bytes.size();
}

void spool_file::read(const std::function<void(std::string_view)>& take) {
  if (std::fflush(file_.get()) != 0)
    throw_file_error("write a temporary file in", folder_);
  std::rewind(file_.get());
  std::array<char, 64 * 1024> piece{};
  while (const auto n = std::fread(piece.data(), 1, piece.size(), file_.get()))
    take({piece.data(), n});
  if (std::ferror(file_.get()) != 0)
    throw_file_error("read a temporary file in", folder_);
}

} // namespace chancery::apps
