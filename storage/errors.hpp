// SPDX-License-Identifier: Apache-2.0
#pragma once

// Exceptions of this folder. Every text names the path and says what to do.

#include <stdexcept>
#include <sys/types.h>

namespace chancery::storage {

/// Any fault of the database or the file system.
class storage_error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// There is no store in the folder.
class missing : public storage_error {
 public:
  using storage_error::storage_error;
};

/// The map or the disk is full: nothing of the transaction was stored.
class full : public storage_error {
 public:
  using storage_error::storage_error;
};

/// Bytes that this program cannot have written.
class corrupt : public storage_error {
 public:
  using storage_error::storage_error;
};

/// A row that this program cannot have written, in pages that are sound: other
/// rows can be read on.
class wrong_row : public corrupt {
 public:
  using corrupt::corrupt;
};

/// All places for readers are taken, by any processes: later there may be some.
class busy : public storage_error {
 public:
  using storage_error::storage_error;
};

/// Another process holds the lock; pid() is 0 when it is not known.
class locked : public storage_error {
 public:
  locked(const std::string& what, pid_t pid) : storage_error(what), pid_(pid) {}
  pid_t pid() const noexcept { return pid_; }

 private:
  pid_t pid_;
};

} // namespace chancery::storage
