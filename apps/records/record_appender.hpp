// SPDX-License-Identifier: Apache-2.0
#pragma once

// Appends records to a store, many in one transaction, so that a million cost
// a hundred waits for the disk and memory stays bounded. What is stored is
// always a whole prefix of what was appended. One thread.

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

  /// `stored` counts what is on disk; both outlive the appender.
  record_appender(storage::record_store& store,
                  std::atomic<std::uint64_t>& stored);

  /// Throws what the store throws; records since the last commit are gone then.
  void append(std::string_view record);

  /// Commits the rest. Without it, the rest is not stored.
  void flush();

 private:
  storage::record_store& store_;
  std::atomic<std::uint64_t>& stored_;
  std::optional<storage::write_transaction> open_;
  std::uint64_t records_ = 0;
  std::size_t bytes_ = 0;
};

} // namespace chancery::apps
