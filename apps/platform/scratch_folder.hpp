// SPDX-License-Identifier: Apache-2.0
#pragma once

// A temporary folder under TMPDIR that the destructor removes. A killed process
// leaves it behind.

#include <filesystem>

namespace chancery::apps {

class scratch_folder {
 public:
  scratch_folder();
  scratch_folder(const scratch_folder&) = delete;
  scratch_folder& operator=(const scratch_folder&) = delete;
  ~scratch_folder();

  const std::filesystem::path& path() const noexcept { return path_; }

 private:
  std::filesystem::path path_;
};

} // namespace chancery::apps
