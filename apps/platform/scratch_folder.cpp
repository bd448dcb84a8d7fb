// SPDX-License-Identifier: Apache-2.0
#include "apps/platform/scratch_folder.hpp"

#include "apps/platform/new_file.hpp"

#include <cstdlib>

namespace chancery::apps {

scratch_folder::scratch_folder() {
  const auto place = std::filesystem::temp_directory_path() / "chancery-XXXXXX";
  auto name = place.string();
  if (::mkdtemp(name.data()) == nullptr)
    throw_file_error("make a temporary folder like", place);
  path_ = name;
}

scratch_folder::~scratch_folder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

} // namespace chancery::apps
