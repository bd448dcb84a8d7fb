// SPDX-License-Identifier: Apache-2.0
#pragma once

// Files that are there whole or not at all: written under another name beside
// their place, flushed to disk, then renamed. Errors name the file and the
// reason. One thread at a time.

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

  /// The umask applies to `mode`. With existing::keep, a file that is there
  /// already is an error. A name that is no regular file (a pipe, /dev/null) is
  /// written to directly.
  new_file(std::filesystem::path path, mode_t mode, existing what);
  new_file(const new_file&) = delete;
  new_file& operator=(const new_file&) = delete;
  /// Without commit() nothing is left behind.
  ~new_file();

  void write(std::string_view bytes);
  /// `durable` waits until the disk has it.
  void commit(bool durable = true);

 private:
  [[noreturn]] void fail(const char* doing) const;

  std::filesystem::path path_;
  std::filesystem::path temporary_; ///< empty when written directly
  existing existing_;
  std::FILE* file_ = nullptr;
};

/// All of it in one call.
void write_file(const std::filesystem::path& path, std::string_view bytes,
                mode_t mode, new_file::existing what);

/// Cuts the file at `size` bytes, or makes it, and puts `bytes` behind them, on
/// disk when it returns.
void append_durably(const std::filesystem::path& path, std::uintmax_t size,
                    std::string_view bytes);

/// The whole file; throws when it is missing or longer than `size_max`.
crypto::secret_string read_file(const std::filesystem::path& path,
                                std::size_t size_max);

/// Throws std::runtime_error: "cannot DOING PATH: REASON", from errno.
[[noreturn]] void throw_file_error(const char* doing,
                                   const std::filesystem::path& path);

} // namespace chancery::apps
