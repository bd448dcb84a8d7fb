// SPDX-License-Identifier: Apache-2.0
#pragma once

// Appends records to a store, many per transaction, so that a million records
// cost a hundred disk flushes and memory stays bounded. The stored records are
// always a prefix of the appended ones. One thread.

#include "storage/record_store.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace chancery::apps {

class record_appender {
 public:
  static constexpr std::uint64_t records_per_commit = 10'000;
  static constexpr std::size_t bytes_per_commit = std::size_t{16} << 20;

  /// `stored` counts the records on disk. Both must outlive the appender.
  record_appender(storage::record_store& store,
                  std::atomic<std::uint64_t>& stored);

  /// Throws what the store throws, and then drops the records since the last
  /// commit.
  void append(std::string_view record);

  /// Commits the remaining records. Without it, they are not stored.
  void flush();

 private:
  storage::record_store& store_;
  std::atomic<std::uint64_t>& stored_;
  std::optional<storage::write_transaction> open_;
  std::uint64_t records_ = 0;
  std::size_t bytes_ = 0;
};

} // namespace chancery::apps
