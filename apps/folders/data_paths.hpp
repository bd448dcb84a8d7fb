// SPDX-License-Identifier: Apache-2.0
#pragma once

// The paths of the parts of a data folder, whether or not they exist.

#include "crypto/keyring/keyring_file.hpp"

#include <filesystem>
#include <utility>

namespace chancery::apps {

class data_paths {
 public:
  explicit data_paths(std::filesystem::path root) : root_(std::move(root)) {}

  const std::filesystem::path& root() const noexcept { return root_; }
  std::filesystem::path records() const { return root_ / "records"; }
  std::filesystem::path lock_path() const { return root_ / "lock"; }
  std::filesystem::path keyring_lock_path() const {
    return root_ / "keyring.lock";
  }
  std::filesystem::path passphrase_path() const { return root_ / "passphrase"; }
  std::filesystem::path status_path() const { return root_ / "status.json"; }
  /// A mark that `init` creates first and removes last.
  std::filesystem::path unfinished_path() const {
    return root_ / "init-unfinished";
  }
  crypto::keyring_path keyring_path() const { return {root_, "keyring"}; }

 private:
  std::filesystem::path root_;
};

} // namespace chancery::apps
