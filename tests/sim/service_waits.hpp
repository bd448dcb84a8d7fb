// SPDX-License-Identifier: Apache-2.0
#pragma once

// How long records of a simulated service waited for their signatures, and how
// many batches went out full or short.

#include "service_truth.hpp"

#include <fmt/format.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace chancery::tests {

/// Counts all batches, and returns what is wrong: a record that came at `from`
/// or later, when all was healed, and waited longer than it may, where time
/// passes in such steps.
inline std::optional<std::string> check_waits(const storage::snapshot& view,
                                              std::uint64_t from,
                                              std::chrono::milliseconds step,
                                              service_result& result) {
  auto batches = view.walk(storage::table::batches);
  for (bool more = batches.seek(0); more; more = batches.next()) {
    const auto row = storage::decode_batch_row(batches.key(), batches.value());
    ++(row.reason == storage::short_reason::waited ? result.waited
                                                   : result.full);
    const auto came = view.arrival_of(row.first);
    const auto latest = came ? came->time_ms + max_wait_ms +
                                   static_cast<std::uint64_t>(step.count())
                             : UINT64_MAX;
    if (came && came->time_ms >= from && row.time_ms > latest)
      return fmt::format("record {} came at {} and was signed at {}", row.first,
                         came->time_ms, row.time_ms);
  }
  return std::nullopt;
}

} // namespace chancery::tests
