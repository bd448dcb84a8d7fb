// SPDX-License-Identifier: Apache-2.0
#pragma once

// At most one LMDB environment per folder in this process: closing a second
// one would drop the first one's locks (they are POSIX record locks, which
// belong to the process and the file). Thread-safe.

#include <filesystem>
#include <sys/types.h>

namespace chancery::storage {

class folder_claim {
 public:
  /// Throws storage_error if this process has already claimed the folder.
  explicit folder_claim(const std::filesystem::path& folder);
  folder_claim(const folder_claim&) = delete;
  folder_claim& operator=(const folder_claim&) = delete;
  ~folder_claim();

 private:
  dev_t device_ = 0;
  ino_t inode_ = 0;
  pid_t process_ = 0;
};

} // namespace chancery::storage
