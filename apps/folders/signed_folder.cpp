// SPDX-License-Identifier: Apache-2.0
#include "apps/folders/signed_folder.hpp"

#include "apps/platform/file_version.hpp"

#include <utility>

namespace chancery::apps {

signed_folder::signed_folder(std::filesystem::path root,
                             std::optional<std::uint64_t> map_size)
    : folder_(std::move(root)), map_size_(map_size) {}

signed_folder::signed_folder(
    std::filesystem::path root,
    std::shared_ptr<const storage::record_store> records)
    : folder_(std::move(root)), records_(std::move(records)) {}

std::shared_ptr<const storage::record_store> signed_folder::records() const {
  const std::lock_guard lock(mutex_);
  if (!records_ && std::filesystem::exists(folder_.records()) &&
      !std::filesystem::exists(folder_.unfinished_path()))
    records_ = std::make_shared<const storage::record_store>(
        folder_.open_store(data_folder::access::read, map_size_));
  return records_;
}

std::shared_ptr<const crypto::public_keyring> signed_folder::keys() const {
  const std::lock_guard lock(mutex_);
  auto now = file_version(folder_.keyring_path().public_file());
  if (!now.empty() && now != keys_version_) {
    keys_ =
        std::make_shared<const crypto::public_keyring>(folder_.public_keys());
    keys_version_ = std::move(now);
  }
  return keys_;
}

} // namespace chancery::apps
