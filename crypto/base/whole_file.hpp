// SPDX-License-Identifier: Apache-2.0
#pragma once

// Files that appear whole or not at all, and are on disk then: written under a
// short temporary name in the same folder, flushed, renamed, and the folder
// flushed too, without which a power cut can take the new name back
// (fsync(2)). All functions throw std::system_error that names the file. One
// thread at a time.

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <string_view>

namespace chancery::crypto {

/// Where `path` leads: itself, or what its symbolic links name in the end,
/// which need not exist. A link in /proc stands for an open file and not for a
/// name, and is returned as it is. Throws for links in a circle.
std::filesystem::path link_target(std::filesystem::path path);

/// "." for a bare name.
std::filesystem::path parent_folder(const std::filesystem::path& path);

/// Returns when the names in `folder` are on disk.
void sync_folder(const std::filesystem::path& folder);

/// Writes all of it, to a file, pipe or device; `path` is for the error.
void write_all(int fd, std::string_view bytes,
               const std::filesystem::path& path);

/// A path in `folder` for mkstemp(3) and mkdtemp(3). Short whatever the final
/// name is, which may have all 255 bytes that a name can have.
std::string temporary_name(const std::filesystem::path& folder);

/// Whether a kill may have left a file of that name.
bool is_temporary_name(std::string_view name);

class whole_file {
 public:
  enum class existing { replace, keep };

  /// Creates the temporary file, mode 0600, in the folder of `place`.
  explicit whole_file(std::filesystem::path place);
  whole_file(const whole_file&) = delete;
  whole_file& operator=(const whole_file&) = delete;
  /// Without commit(), removes the temporary file.
  ~whole_file();

  void write(std::string_view bytes);

  /// Gives the file exactly `mode` and its name. With existing::keep, a file
  /// that has that name is an error. Without `durable`, nothing is flushed.
  void commit(mode_t mode, existing what, bool durable = true);

 private:
  void take_name(existing what);

  std::filesystem::path place_;
  std::string temporary_; ///< empty when there is none
  int fd_ = -1;
};

} // namespace chancery::crypto
