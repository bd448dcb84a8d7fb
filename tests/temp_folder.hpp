// SPDX-License-Identifier: Apache-2.0
#pragma once

// A temporary folder for one test; the destructor removes it and its contents.

#include <filesystem>
#include <stdexcept>
#include <stdlib.h>
#include <string>
#include <system_error>
#include <unistd.h>

namespace chancery::tests {

class temp_folder {
 public:
  temp_folder() : process_(::getpid()) {
    std::string name =
        (std::filesystem::temp_directory_path() / "chancery-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr)
      throw std::runtime_error("cannot create " + name);
    path_ = name;
  }

  temp_folder(const temp_folder&) = delete;
  temp_folder& operator=(const temp_folder&) = delete;

  ~temp_folder() {
    // A forked child must not remove its parent's folder.
    std::error_code ignored;
    if (process_ == ::getpid())
      std::filesystem::remove_all(path_, ignored);
  }

  const std::filesystem::path& path() const noexcept { return path_; }

 private:
  std::filesystem::path path_;
  pid_t process_;
};

} // namespace chancery::tests
