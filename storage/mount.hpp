// SPDX-License-Identifier: Apache-2.0
#pragma once

// Whether a folder lies on a read-only file system, and if so, whether that is
// true for everybody or only for this mount of it.

#include <filesystem>

namespace chancery::storage {

enum class mount_mode {
  writable,
  read_only_here, ///< a read-only view of what others may be able to write
  read_only,      ///< nobody on this host can write it
};

mount_mode mount_mode_of(const std::filesystem::path& folder);

} // namespace chancery::storage
