// SPDX-License-Identifier: Apache-2.0
#include "actors/signing/unit_size.hpp"

#include <algorithm>

namespace chancery::actors {

namespace {

/// Fewest units into which each signer's share of a run is divided.
constexpr std::uint64_t units_at_end = 8;

} // namespace

std::uint32_t leases_per_unit(const unit_size_limits& l) {
  const auto wanted = (l.records_wanted + l.batch_size - 1) / l.batch_size;
  const auto by_keys = l.keys / (l.signers * units_outstanding);
  const auto by_end =
      l.unsigned_records / (units_at_end * l.signers * l.batch_size);
  return static_cast<std::uint32_t>(std::max<std::uint64_t>(
      1, std::min<std::uint64_t>({wanted, by_keys, by_end})));
}

} // namespace chancery::actors
