// SPDX-License-Identifier: Apache-2.0
#pragma once

// What one transaction knows of the pages that it may read. Internal to
// storage.

#include "storage/database_head.hpp"
#include "storage/page_path.hpp"
#include "storage/page_source.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace chancery::storage::lmdb {

class page_guard {
 public:
  /// Not for a commit yet.
  explicit page_guard(const mapped_file& file) : file_(file) {}

  /// Reads and checks the head and the main table of a commit. False if the
  /// head was overwritten since, or may be right now: `last_try` only rules
  /// out the first. Throws page_damage.
  bool move_to(std::uint64_t commit, bool last_try);

  /// A path in the tree of this table; in an empty tree if the commit has no
  /// such table. Throws page_damage.
  page_path path_in(std::string_view table) const;

 private:
  const mapped_file& file_;
  database_head head_;
  page_source pages_;
  std::optional<page> main_;
};

} // namespace chancery::storage::lmdb
