// SPDX-License-Identifier: Apache-2.0
#pragma once

// A small file system for one test; mounting it needs root and may be
// forbidden (as in many containers), so tests check ok().

#include <cstdio>
#include <filesystem>
#include <string>
#include <sys/mount.h>

namespace chancery::tests {

class mounted {
 public:
  explicit mounted(const std::filesystem::path& folder,
                   const std::string& options = "size=8m")
      : folder_(folder) {
    std::filesystem::create_directories(folder);
    ok_ = ::mount("chancery-test", folder.c_str(), "tmpfs", 0,
                  options.c_str()) == 0;
    if (!ok_)
      std::puts("skipped: needs permission to mount a file system");
  }
  mounted(const mounted&) = delete;
  mounted& operator=(const mounted&) = delete;
  ~mounted() {
    if (ok_)
      ::umount2(folder_.c_str(), MNT_DETACH);
  }

  bool ok() const { return ok_; }

 private:
  std::filesystem::path folder_;
  bool ok_ = false;
};

} // namespace chancery::tests
