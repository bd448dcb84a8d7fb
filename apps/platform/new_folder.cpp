// SPDX-License-Identifier: Apache-2.0
#include "apps/platform/new_folder.hpp"

#include "apps/platform/new_file.hpp"
#include "crypto/base/whole_file.hpp"

#include <algorithm>
#include <cerrno>
#include <fmt/format.h>
#include <stdexcept>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

namespace chancery::apps {

namespace fs = std::filesystem;

namespace {

/// "out/" and "out/." name the folder "out".
fs::path without_last_slash(fs::path path) {
  while (path.has_parent_path() && path.has_relative_path() &&
         (!path.has_filename() || path.filename() == "."))
    path = path.parent_path();
  return path;
}

/// Moves the entries of `from` into `to`.
void move_entries(const fs::path& from, const fs::path& to) {
  while (!fs::is_empty(from)) // reading may miss one while names change
    for (const auto& entry : fs::directory_iterator(from)) {
      const auto name = to / entry.path().filename();
      if (::rename(entry.path().c_str(), name.c_str()) != 0)
        throw_file_error("write", name);
    }
}

} // namespace

void make_folders(const fs::path& path) {
  std::error_code ignored;
  if (path.empty() || fs::is_directory(path, ignored))
    return;
  make_folders(path.parent_path());
  if (::mkdir(path.c_str(), 0777) != 0 &&
      !(errno == EEXIST && fs::is_directory(path, ignored)))
    throw_file_error("make the folder", path);
  crypto::sync_folder(crypto::parent_folder(path));
}

bool is_free_for_a_folder(const fs::path& path) {
  std::error_code error;
  const auto status = fs::status(path, error);
  if (status.type() == fs::file_type::none) {
    errno = error.value();
    throw_file_error("make the folder", path);
  }
  if (!fs::is_directory(status))
    return !fs::exists(status);
  return std::ranges::all_of(fs::directory_iterator(path), [](const auto& e) {
    return e.path().filename() == "lost+found";
  });
}

new_folder::new_folder(const fs::path& place)
    : place_(crypto::link_target(without_last_slash(place))) {
  if (!is_free_for_a_folder(place_))
    throw std::runtime_error(fmt::format(
        "{} exists and is not an empty folder: name a new one with --out",
        place.string()));
  std::error_code ignored;
  fill_ = fs::is_directory(place_, ignored);
  auto name =
      crypto::temporary_name(fill_ ? place_ : crypto::parent_folder(place_));
  if (::mkdtemp(name.data()) == nullptr)
    throw_file_error("make the folder", place);
  temporary_ = name;
}

new_folder::~new_folder() {
  std::error_code ignored;
  if (!temporary_.empty())
    fs::remove_all(temporary_, ignored);
}

void new_folder::commit(unsigned mode) {
  if (fill_) {
    move_entries(temporary_, place_);
    if (::rmdir(temporary_.c_str()) != 0)
      throw_file_error("make the folder", place_);
    crypto::sync_folder(place_);
  } else {
    const mode_t mask = ::umask(077);
    ::umask(mask);
    if (::chmod(temporary_.c_str(), mode & ~mask) != 0 ||
        ::rename(temporary_.c_str(), place_.c_str()) != 0)
      throw_file_error("make the folder", place_);
    crypto::sync_folder(crypto::parent_folder(place_));
  }
  temporary_.clear();
}

} // namespace chancery::apps
