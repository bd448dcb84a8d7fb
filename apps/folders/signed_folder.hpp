// SPDX-License-Identifier: Apache-2.0
#pragma once

// The records and public keys of a data folder, for a process that only reads
// them and runs on while other commands change the folder: `init` may make
// them later, and `keys` may change the keyring. Any thread.

#include "apps/folders/data_folder.hpp"

#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace chancery::apps {

class signed_folder {
 public:
  /// Opens nothing yet.
  signed_folder(std::filesystem::path root,
                std::optional<std::uint64_t> map_size);

  /// Of a process that has the store open already, and must not open a second
  /// one.
  signed_folder(std::filesystem::path root,
                std::shared_ptr<const storage::record_store> records);

  /// Null until there is a store. Stays open from then on.
  std::shared_ptr<const storage::record_store> records() const;

  /// As the file is now; null until there is one.
  std::shared_ptr<const crypto::public_keyring> keys() const;

  const data_folder& folder() const noexcept { return folder_; }

 private:
  const data_folder folder_;
  const std::optional<std::uint64_t> map_size_;
  mutable std::mutex mutex_;
  mutable std::shared_ptr<const storage::record_store> records_;
  mutable std::shared_ptr<const crypto::public_keyring> keys_;
  mutable std::string keys_version_; ///< of the file that keys_ was read from
};

} // namespace chancery::apps
