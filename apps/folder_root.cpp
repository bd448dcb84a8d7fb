// SPDX-License-Identifier: Apache-2.0
#include "apps/folder_root.hpp"

#include "apps/console.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <stdexcept>

namespace chancery::apps {

namespace fs = std::filesystem;

std::optional<std::string>
stranger_in(const fs::path& root, const std::vector<std::string_view>& ours) {
  std::error_code error;
  const auto status = fs::status(root, error);
  if (status.type() == fs::file_type::not_found)
    return std::nullopt;
  if (!fs::is_directory(status))
    throw std::runtime_error(
        fmt::format("{} is not a folder: name another", root.string()));
  for (const auto& entry : fs::directory_iterator(root)) {
    const auto name = entry.path().filename().string();
    // A lock alone is a command that just began, or was refused.
    if (name != "lock" && name != "node.lock" && name != "lost+found" &&
        std::find(ours.begin(), ours.end(), name) == ours.end())
      return name;
  }
  return std::nullopt;
}

void make_root(const fs::path& root) {
  std::error_code error;
  fs::create_directories(root, error);
  if (error)
    throw std::runtime_error(fmt::format("cannot make the folder {}: {}",
                                         root.string(), error.message()));
  fs::permissions(root, fs::perms::owner_all, error);
  if (error)
    warn(fmt::format("cannot close {} to others: {}", root.string(),
                     error.message()));
}

} // namespace chancery::apps
