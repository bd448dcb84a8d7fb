// SPDX-License-Identifier: Apache-2.0
#pragma once

// The folder that a data folder or a client folder is made in: it may be
// missing, or be an empty one, such as the top of a new disk. Nothing is put
// among a stranger's files, as it may be somebody's home.

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace chancery::apps {

/// False also for what cannot be looked at.
bool is_there(const std::filesystem::path& path);

/// Warns when a file that holds `what` (secrets) is open to other users.
void warn_of_readers(const std::filesystem::path& file, std::string_view what);

/// The name of something in `root` that is not among `ours`, or on its way to
/// be (NAME.XXXXXX or NAME.new, where a kill left it); nothing for a folder
/// that is missing. Lock files, and lost+found of a new disk, count for
/// nothing. Throws std::runtime_error when `root` is no folder.
std::optional<std::string>
stranger_in(const std::filesystem::path& root,
            const std::vector<std::string_view>& ours = {});

/// Makes the folder where it is missing and closes it to others. Throws
/// std::runtime_error.
void make_root(const std::filesystem::path& root);

/// An empty file that says that something is under way, on disk when it
/// returns, and made in one step: a kill leaves no other name behind.
void make_mark(const std::filesystem::path& path);

} // namespace chancery::apps
