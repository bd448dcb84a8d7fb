// SPDX-License-Identifier: Apache-2.0
#pragma once

// Whether a folder is on a read-only file system, or only on a read-only mount
// of a file system that may be writable elsewhere.

#include <filesystem>

namespace chancery::storage {

enum class mount_mode {
  writable,
  read_only_here, ///< read-only mount; others may be able to write
  read_only,      ///< nobody on this host can write
};

mount_mode mount_mode_of(const std::filesystem::path& folder);

} // namespace chancery::storage
