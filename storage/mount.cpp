// SPDX-License-Identifier: Apache-2.0
#include "storage/mount.hpp"

#include <fmt/format.h>
#include <fstream>
#include <sstream>
#include <string>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/sysmacros.h>

namespace chancery::storage {

namespace {

// One line of /proc/self/mountinfo, see proc(5):
//   36 35 98:0 /root /mount rw,noatime master:1 - ext3 /dev/sda ro,errors=...
// The options after the hyphen are those of the file system, the ones before it
// those of this mount only.
bool file_system_is_read_only(const std::string& line,
                              const std::string& device) {
  std::istringstream words(line);
  std::string id, parent, its_device, word;
  words >> id >> parent >> its_device;
  if (its_device != device)
    return false;
  while (words >> word && word != "-") {
  }
  std::string type, source, options;
  words >> type >> source >> options;
  return (options + ',').starts_with("ro,");
}

} // namespace

mount_mode mount_mode_of(const std::filesystem::path& folder) {
  struct statvfs file_system {};
  struct stat status {};
  if (::statvfs(folder.c_str(), &file_system) != 0 ||
      ::stat(folder.c_str(), &status) != 0)
    return mount_mode::writable; // opening it will report the error
  if ((file_system.f_flag & ST_RDONLY) == 0)
    return mount_mode::writable;
  const auto device =
      fmt::format("{}:{}", major(status.st_dev), minor(status.st_dev));
  std::ifstream mounts("/proc/self/mountinfo");
  for (std::string line; std::getline(mounts, line);)
    if (file_system_is_read_only(line, device))
      return mount_mode::read_only;
  return mount_mode::read_only_here;
}

} // namespace chancery::storage
