// SPDX-License-Identifier: Apache-2.0
#pragma once

// Reads and replaces small files whole: after a crash a file has its old or its
// new content, never a part of either. For keyring_file.cpp.

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

/// nullopt if there is no such file. Throws std::system_error, and
/// std::runtime_error if it is not a regular file or too large for a keyring.
std::optional<file_content> read_file(const std::filesystem::path& file);

/// Durably, as whole_file does. A symbolic link stays, and the file that it
/// leads to is replaced. The file gets exactly `mode`, regardless of the umask.
/// Throws std::system_error.
void replace_file(const std::filesystem::path& file, std::string_view text,
                  mode_t mode);

} // namespace chancery::crypto
