// SPDX-License-Identifier: Apache-2.0
#pragma once

// Brings a record store of an older format to the newest one, in steps of one
// format each. A step works in chunks, one transaction each; a mark in meta
// says where the next chunk begins, so that an upgrade that was killed at any
// point continues there. The caller holds the folder's lock. An unfinished
// upgrade makes the store unreadable to everything but the next upgrade.

#include "storage/record_store.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace chancery::storage {

namespace lmdb {
class environment;
class transaction;
} // namespace lmdb

/// What an upgrade would do; nothing when `from` equals `to`.
struct upgrade_plan {
  std::uint32_t from = 0;
  std::uint32_t to = 0;
  bool interrupted = false;         ///< an upgrade has begun
  std::vector<std::string> steps{}; ///< sentences, in order
};

/// Changes nothing. Throws storage_error for a store that is missing, damaged
/// or of a newer format.
upgrade_plan plan_upgrade(const std::filesystem::path& folder,
                          const store_options& options = {});

/// Does what the plan says, and returns it.
upgrade_plan upgrade(const std::filesystem::path& folder,
                     const store_options& options = {});

/// One format to the next. `chunk` does one transaction's worth of it: `mark`
/// is empty at first, and afterwards what the chunk before left in it. Returns
/// whether the step is complete. Internal to storage, and for tests.
struct upgrade_step {
  std::uint32_t from = 0;
  std::string sentence{};
  std::function<bool(lmdb::transaction& txn, std::string& mark)> chunk{};
};

/// As upgrade(), by these steps, which lead to format `to`.
upgrade_plan upgrade_by(const std::filesystem::path& folder,
                        const store_options& options,
                        const std::vector<upgrade_step>& steps,
                        std::uint32_t to);

} // namespace chancery::storage
