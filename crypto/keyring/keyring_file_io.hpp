// SPDX-License-Identifier: Apache-2.0
#pragma once

// Small files, whole: read at once, and replaced so that after a crash the old
// or the new content is there and never a part of one. For keyring_file.cpp.

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace chancery::crypto {

struct file_content {
  std::string text;
  mode_t mode; ///< permission bits
};

/// Nothing when there is no such file. Throws std::system_error, and
/// std::runtime_error for a file that is too large to be a keyring.
std::optional<file_content> read_file(const std::filesystem::path& file);

/// Writes beside `file`, flushes, renames, and flushes the folder. The mode is
/// exact, whatever the umask is. Throws std::system_error.
void replace_file(const std::filesystem::path& file, std::string_view text,
                  mode_t mode);

} // namespace chancery::crypto
