// SPDX-License-Identifier: Apache-2.0
#pragma once

// Atomic creation of files: written under a temporary name in the same folder,
// flushed to disk, then renamed. Errors name the file and the reason. One
// thread at a time.

#include "crypto/base/secret.hpp"

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <string>
#include <string_view>
#include <sys/types.h>

namespace chancery::apps {

class new_file {
 public:
  enum class existing { replace, keep };

  /// The umask applies to `mode`. With existing::keep, an existing file is an
  /// error. A pipe or a device (/dev/null) is written to directly.
  new_file(std::filesystem::path path, mode_t mode, existing what);
  new_file(const new_file&) = delete;
  new_file& operator=(const new_file&) = delete;
  /// Without commit(), removes the temporary file.
  ~new_file();

  void write(std::string_view bytes);
  /// `durable` waits until the content is on disk.
  void commit(bool durable = true);

 private:
  [[noreturn]] void fail(const char* doing) const;

  std::filesystem::path path_;
  std::filesystem::path temporary_; ///< empty when written directly
  existing existing_;
  std::FILE* file_ = nullptr;
};

/// Creates, writes and commits a file in one call.
void write_file(const std::filesystem::path& path, std::string_view bytes,
                mode_t mode, new_file::existing what);

/// Creates the file or truncates it to `size` bytes, and appends `bytes`; they
/// are on disk when it returns.
void append_durably(const std::filesystem::path& path, std::uintmax_t size,
                    std::string_view bytes);

/// The whole file. Throws std::runtime_error when it cannot be read or is
/// longer than `size_max`.
crypto::secret_string read_file(const std::filesystem::path& path,
                                std::size_t size_max);

/// Throws std::runtime_error: "cannot DOING PATH: REASON", from errno.
[[noreturn]] void throw_file_error(const char* doing,
                                   const std::filesystem::path& path);

} // namespace chancery::apps
