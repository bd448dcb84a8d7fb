// SPDX-License-Identifier: Apache-2.0
#pragma once

// Counters that a worker's actors keep for display. They may be read from any
// thread at any time; no decision depends on them.

#include <atomic>
#include <cstdint>

namespace chancery::actors {

struct worker_progress {
  std::atomic<bool> connected{false};
  std::atomic<std::uint64_t> sessions{0};   ///< connections that ended
  std::atomic<std::uint64_t> records{0};    ///< signed and handed in
  std::atomic<std::uint64_t> units{0};      ///< handed in
  std::atomic<std::uint64_t> units_late{0}; ///< discarded: their leases ran out
  std::atomic<std::uint64_t> renewals{0};
};

} // namespace chancery::actors
