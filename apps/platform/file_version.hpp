// SPDX-License-Identifier: Apache-2.0
#pragma once

// Whether a file has changed since it was read. Any thread.

#include <filesystem>
#include <string>

namespace chancery::apps {

/// Differs after each change of the file, also when another took its place;
/// empty when there is none.
std::string file_version(const std::filesystem::path& path);

} // namespace chancery::apps
