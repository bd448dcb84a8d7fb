// SPDX-License-Identifier: Apache-2.0
#pragma once

// The regular files below a folder, and links to such. Links to folders are not
// followed. See import_source.hpp.

#include "apps/records/import_source.hpp"
#include "crypto/base/secret.hpp"

#include <cstddef>
#include <vector>

namespace chancery::apps {

class files_source : public import_source {
 public:
  explicit files_source(const std::filesystem::path& folder);

  std::optional<import_item> next() override;
  bool skip() override;
  std::string place() const override;

 private:
  std::filesystem::path folder_;
  std::vector<std::string> names_; ///< paths below the folder
  std::size_t at_ = 0;
  crypto::secret_string record_;
};

} // namespace chancery::apps
