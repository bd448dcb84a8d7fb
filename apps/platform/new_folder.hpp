// SPDX-License-Identifier: Apache-2.0
#pragma once

// Output folders that appear whole or not at all: filled under a temporary
// name, then renamed. An empty folder that is there already is filled instead,
// as it may be a mount point, a link's target or the current folder, which
// nothing can replace: its files then appear one after the other at the end.
// Errors name the folder and the reason. One thread.

#include <filesystem>
#include <string>

namespace chancery::apps {

/// Creates the folder and its missing parents; they are on disk when it
/// returns.
void make_folders(const std::filesystem::path& path);

/// Whether the path leads to a folder without entries, or to nothing. The
/// lost+found of a new disk does not count.
bool is_free_for_a_folder(const std::filesystem::path& path);

class new_folder {
 public:
  /// Throws std::runtime_error unless `place` is free, and it can write there.
  explicit new_folder(const std::filesystem::path& place);
  new_folder(const new_folder&) = delete;
  new_folder& operator=(const new_folder&) = delete;
  /// Without commit(), leaves nothing behind.
  ~new_folder();

  /// Where to put the files; mode 0700.
  const std::filesystem::path& path() const noexcept { return temporary_; }

  /// A folder that is new gets `mode`, to which the umask applies. The names
  /// are on disk when it returns.
  void commit(unsigned mode);

 private:
  std::filesystem::path place_;
  bool fill_ = false; ///< the folder is there already
  std::filesystem::path temporary_;
};

} // namespace chancery::apps
