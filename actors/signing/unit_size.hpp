// SPDX-License-Identifier: Apache-2.0
#pragma once

// How many keys a signer asks for at a time, each for one batch of its unit,
// and how many units it has outstanding. Pure functions, any thread.

#include <cstdint>

namespace chancery::actors {

/// Records wanted in a unit: enough that messages cost little.
inline constexpr std::uint64_t unit_records_wanted = 768;

struct unit_size_limits {
  std::uint64_t records_wanted = unit_records_wanted;
  std::uint64_t signers = 1; ///< that share keys and work
  std::uint64_t batch_size = 1;
  std::uint64_t keys = 1; ///< active ones
  std::uint64_t unsigned_records = 0;
};

struct unit_plan {
  std::uint32_t leases = 1;      ///< for each unit, at least 1
  std::uint32_t outstanding = 1; ///< units of a signer
};

/// For the signers of one host. Two units outstanding, so that a signer never
/// waits, where there are keys for two units of the records wanted; else one
/// with all of the signer's share of the keys: its messages, and what each call
/// of the kernel costs, are then shared by more records, and other threads have
/// work for the processor meanwhile.
unit_plan local_units(const unit_size_limits& limits);

/// For signers on other hosts, each of which has at least two units
/// outstanding: enough for the records that are wanted, but few enough that
/// other signers find keys, and that the run does not end with all signers
/// waiting for one large unit.
std::uint32_t leases_per_unit(const unit_size_limits& limits);

} // namespace chancery::actors
