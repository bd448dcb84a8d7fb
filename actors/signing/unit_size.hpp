// SPDX-License-Identifier: Apache-2.0
#pragma once

// How many keys a signer asks for at a time, each for one batch of its unit.
// Pure functions, any thread.

#include <cstdint>

namespace chancery::actors {

/// Units that a signer keeps outstanding, so that it never waits.
inline constexpr std::uint32_t units_outstanding = 2;

/// Records wanted in a unit: enough that messages cost little.
inline constexpr std::uint64_t unit_records_wanted = 768;

struct unit_size_limits {
  std::uint64_t records_wanted = unit_records_wanted;
  std::uint64_t signers = 1; ///< that share keys and work
  std::uint64_t batch_size = 1;
  std::uint64_t keys = 1; ///< active ones
  std::uint64_t unsigned_records = 0;
};

/// Leases for a unit, at least 1: enough for the records that are wanted, but
/// few enough that other signers find keys, and that the run does not end with
/// all signers waiting for one large unit.
std::uint32_t leases_per_unit(const unit_size_limits& limits);

} // namespace chancery::actors
