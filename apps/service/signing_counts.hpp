// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the metrics say of the batches that a service has signed: why they have
// their size, and how long the oldest record of a batch waited until its
// signature was on disk. Any thread.

#include "storage/record_store.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <vector>

namespace chancery::apps {

class signing_counts {
 public:
  /// Upper bounds of the waits, in seconds; the last number of `waits` counts
  /// those beyond.
  static constexpr std::array<double, 9> bounds{0.01, 0.03, 0.1, 0.3, 1,
                                                3,    10,   60,  600};

  struct figures {
    std::array<std::uint64_t, 5> batches{}; ///< by storage::short_reason
    std::array<std::uint64_t, bounds.size() + 1> waits{};
    double waited_seconds = 0;
  };

  /// Batches that came to the disk in one commit. Of those, up to 16 are asked
  /// for their wait, so that small ones cost the writer little.
  void add(const std::vector<storage::batch_row>& rows,
           const storage::snapshot& view, std::uint64_t now_ms);

  figures read() const;

 private:
  mutable std::mutex mutex_;
  figures figures_;
};

} // namespace chancery::apps
