// SPDX-License-Identifier: Apache-2.0
#pragma once

// A file that is open for reading, or standard input, which stays open. One
// thread.

#include <cstddef>
#include <filesystem>
#include <string>

namespace chancery::apps {

class input_file {
 public:
  /// "-" is standard input. Throws std::runtime_error, with the file's name,
  /// when it cannot be opened.
  explicit input_file(const std::filesystem::path& path);
  input_file(const input_file&) = delete;
  input_file& operator=(const input_file&) = delete;
  ~input_file();

  int descriptor() const noexcept { return fd_; }

 private:
  int fd_;
};

/// All bytes of a file or of standard input, which may be a pipe or a socket.
/// Throws std::runtime_error, with the name, when it cannot be read or has more
/// than `size_max` bytes. Not for secrets: the memory is not wiped.
std::string read_input(const std::filesystem::path& path, std::size_t size_max);

} // namespace chancery::apps
