// SPDX-License-Identifier: Apache-2.0
#pragma once

// The file with the tokens (tokens.hpp): reading it, and the changes that
// `chancery token` makes, which keep every other line as it was. The service
// reads it at its start and at SIGHUP.

#include "apps/api/tokens.hpp"

#include <filesystem>
#include <memory>
#include <string_view>

namespace chancery::apps {

/// Throws std::runtime_error that names the file and the line, or the file when
/// its group or others may write it.
std::shared_ptr<const token_book>
read_token_file(const std::filesystem::path& path);

/// Appends a line; makes the file, mode 0600, when there is none. Throws
/// std::runtime_error when the name is taken.
void append_token(const std::filesystem::path& path, const token_entry& entry);

/// Removes the line with this name. False when there is none.
bool revoke_token(const std::filesystem::path& path, std::string_view name);

} // namespace chancery::apps
