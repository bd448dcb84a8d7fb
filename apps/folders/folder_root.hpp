// SPDX-License-Identifier: Apache-2.0
#pragma once

// Checks and creates the root of a data folder or client folder. The root may
// be missing or empty, such as the top of a new disk. Nothing is created among
// other files, as the folder may be somebody's home.

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace chancery::apps {

/// False also when `path` cannot be examined.
bool is_there(const std::filesystem::path& path);

/// Warns when `file`, which holds `what` (a secret), is open to other users.
void warn_of_readers(const std::filesystem::path& file, std::string_view what);

/// The name of one entry of `root` that is not in `ours`. Ignores lock files,
/// temporary files that a kill left, and the lost+found of a new disk. Nothing
/// when there is no such entry or the folder is missing. Throws
/// std::runtime_error when `root` is not a folder.
std::optional<std::string>
stranger_in(const std::filesystem::path& root,
            const std::vector<std::string_view>& ours = {});

/// Creates the folder and its parents if missing, and sets its mode to 0700.
/// Throws std::runtime_error when it cannot create them; warns when it cannot
/// set the mode.
void make_root(const std::filesystem::path& root);

/// Creates an empty file that marks work in progress, durably and without a
/// temporary name that a kill could leave behind.
void make_mark(const std::filesystem::path& path);

} // namespace chancery::apps
