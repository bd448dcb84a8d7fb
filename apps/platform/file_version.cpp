// SPDX-License-Identifier: Apache-2.0
#include "apps/platform/file_version.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

namespace chancery::apps {

std::string file_version(const std::filesystem::path& path) {
  struct stat s {};
  if (::stat(path.c_str(), &s) != 0)
    return {};
  return fmt::format("{} {} {} {} {} {}", s.st_ino, s.st_size, s.st_mtim.tv_sec,
                     s.st_mtim.tv_nsec, s.st_ctim.tv_sec, s.st_ctim.tv_nsec);
}

} // namespace chancery::apps
