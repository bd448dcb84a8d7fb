// SPDX-License-Identifier: Apache-2.0
#pragma once

// At most one process at a time may change a data folder: an advisory flock on
// a file that names the owner's process id. The kernel drops it with the
// process, however that ends.

#include <filesystem>
#include <optional>
#include <sys/types.h>

namespace chancery::storage {

class lock_file {
 public:
  /// Takes the lock or throws storage::locked at once; the file is made when
  /// missing (mode 0600, O_CLOEXEC) and never removed.
  explicit lock_file(const std::filesystem::path& path);
  lock_file(lock_file&&) noexcept;
  lock_file& operator=(lock_file&&) noexcept;
  ~lock_file();

  /// The process that holds the lock now, without taking it; nothing when it
  /// is free or the file is missing.
  static std::optional<pid_t> holder(const std::filesystem::path& path);

 private:
  int fd_ = -1;
};

} // namespace chancery::storage
