// SPDX-License-Identifier: Apache-2.0
#pragma once

// Appends records to a store, many per transaction, so that a million records
// cost a hundred disk flushes and memory stays bounded. The stored records are
// always a prefix of the appended ones, and know when they came. One thread.

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

  /// The same with a name; a record whose name is there is not appended.
  storage::named_record append(std::string_view record, std::string_view name);

  /// Commits the remaining records. Without it, they are not stored.
  void flush();

  /// Whether all records that were appended are on disk.
  bool flushed() const noexcept { return !open_; }

 private:
  template <class Append>
  auto appended(std::size_t bytes, Append append);

  storage::record_store& store_;
  std::atomic<std::uint64_t>& stored_;
  std::optional<storage::write_transaction> open_;
  std::uint64_t first_ = 0; ///< the first id of the transaction
  std::uint64_t records_ = 0;
  std::size_t bytes_ = 0;
};

} // namespace chancery::apps
