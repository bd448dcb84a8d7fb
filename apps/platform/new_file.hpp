// SPDX-License-Identifier: Apache-2.0
#pragma once

// Output files that appear whole or not at all (crypto/base/whole_file.hpp).
// Symbolic links are followed: they stay, and what they lead to is replaced. A
// pipe, a device and an open file (/dev/stdout, /proc/self/fd/3) are written to
// directly; nothing is replaced then. Errors name the file and the reason. One
// thread at a time.

#include "crypto/base/secret.hpp"
#include "crypto/base/whole_file.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string_view>
#include <sys/types.h>

namespace chancery::apps {

class new_file {
 public:
  using existing = crypto::whole_file::existing;

  /// The umask applies to `mode`. With existing::keep, an existing file is an
  /// error.
  new_file(std::filesystem::path path, mode_t mode, existing what);
  new_file(const new_file&) = delete;
  new_file& operator=(const new_file&) = delete;
  /// Without commit(), leaves nothing behind.
  ~new_file();

  void write(std::string_view bytes);
  /// `durable` waits until the content and its name are on disk.
  void commit(bool durable = true);

 private:
  void flush();

  std::filesystem::path path_;
  mode_t mode_;
  existing existing_;
  std::optional<crypto::whole_file> file_;
  int stream_ = -1;              ///< in place of file_
  crypto::secret_string buffer_; ///< may hold a key
};

/// Creates, writes and commits a file in one call.
void write_file(const std::filesystem::path& path, std::string_view bytes,
                mode_t mode, new_file::existing what);

/// Whether writing to `path` replaces a file.
bool replaces_a_file(const std::filesystem::path& path);

/// Whether writing to `path` writes to this process's standard output, so that
/// an answer there would end up among the bytes.
bool is_standard_output(const std::filesystem::path& path);

/// Creates the file or truncates it to `size` bytes, and appends `bytes`; they
/// are on disk when it returns. When it throws, the file has `size` bytes.
void append_durably(const std::filesystem::path& path, std::uintmax_t size,
                    std::string_view bytes);

/// Removes the file that `path` leads to, and no link on the way; it stays
/// removed after a power cut. False when there was none.
bool remove_file(const std::filesystem::path& path);

/// The whole file. Throws std::runtime_error when it cannot be read or is
/// longer than `size_max`.
crypto::secret_string read_file(const std::filesystem::path& path,
                                std::size_t size_max);

/// Throws std::runtime_error: "cannot DOING PATH: REASON", from errno.
[[noreturn]] void throw_file_error(const char* doing,
                                   const std::filesystem::path& path);

} // namespace chancery::apps
