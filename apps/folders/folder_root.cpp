// SPDX-License-Identifier: Apache-2.0
#include "apps/folders/folder_root.hpp"

#include "apps/platform/new_file.hpp"
#include "apps/platform/new_folder.hpp"
#include "apps/terminal/console.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <stdexcept>
#include <sys/stat.h>

namespace chancery::apps {

namespace fs = std::filesystem;

namespace {

/// Whether `name` stands for nothing: a lock alone belongs to a command that
/// has just begun or was refused, a new disk has a lost+found, and a kill
/// leaves temporary files.
bool is_nothing(std::string_view name) {
  return name == "lock" || name == "node.lock" || name == "keyring.lock" ||
         name == "lost+found" || crypto::is_temporary_name(name);
}

} // namespace

void warn_of_readers(const std::filesystem::path& file, std::string_view what) {
  struct stat status {};
  if (::stat(file.c_str(), &status) == 0 && S_ISREG(status.st_mode) &&
      (status.st_mode & 077) != 0)
    warn(fmt::format("{} holds {} and is open to other users (mode {:04o}); "
                     "run `chmod 600` on it",
                     file.string(), what, status.st_mode & 07777));
}

bool is_there(const std::filesystem::path& path) {
  std::error_code ignored;
  return std::filesystem::exists(path, ignored);
}

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
    if (!is_nothing(name) &&
        std::find(ours.begin(), ours.end(), name) == ours.end())
      return name;
  }
  return std::nullopt;
}

void make_root(const fs::path& root) {
  make_folders(root);
  std::error_code error;
  fs::permissions(root, fs::perms::owner_all, error);
  if (error)
    warn(fmt::format("cannot set the mode of {} to 0700: {}", root.string(),
                     error.message()));
}

void make_mark(const fs::path& path) { append_durably(path, 0, ""); }

} // namespace chancery::apps
