// SPDX-License-Identifier: Apache-2.0
#pragma once

// At most one process at a time may change a data folder: an advisory flock on
// a file that holds the owner's process id. The kernel releases the lock when
// the process ends, even by SIGKILL.

#include <filesystem>
#include <optional>
#include <sys/types.h>

namespace chancery::storage {

class lock_file {
 public:
  /// Acquires the lock, or throws storage::locked without waiting for the
  /// owner. Creates a missing file (mode 0600, O_CLOEXEC); never removes it.
  explicit lock_file(const std::filesystem::path& path);
  lock_file(lock_file&&) noexcept;
  lock_file& operator=(lock_file&&) noexcept;
  ~lock_file();

  /// The process that holds the lock now (0 if unknown), without acquiring it;
  /// nullopt if the lock is free or the file is missing.
  static std::optional<pid_t> holder(const std::filesystem::path& path);

 private:
  int fd_ = -1;
};

} // namespace chancery::storage
