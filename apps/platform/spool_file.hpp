// SPDX-License-Identifier: Apache-2.0
#pragma once

// Bytes that are set aside and read back once, in a file under TMPDIR that has
// no name: nothing is left of it, however the process ends. Errors are
// std::runtime_error. One thread.

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <memory>
#include <string_view>

namespace chancery::apps {

class spool_file {
 public:
  spool_file();

  void write(std::string_view bytes);
  std::uint64_t size() const noexcept { return size_; }

  /// Calls `take` with all bytes in their order, in pieces. Ends the writing.
  void read(const std::function<void(std::string_view)>& take);

 private:
  std::filesystem::path folder_; ///< for errors
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> file_;
  std::uint64_t size_ = 0;
};

} // namespace chancery::apps
