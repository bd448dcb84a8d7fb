// SPDX-License-Identifier: Apache-2.0
#include "actors/cluster/work_window.hpp"

#include <algorithm>

namespace chancery::actors {

namespace {

/// Quick units in a row after which units may be larger again.
constexpr std::uint32_t quick_units = 16;

/// Units in a row that found the signer busy, after which it asks for one
/// fewer: a unit that it does not need holds keys that others lack, and that
/// stay out for long if it dies.
constexpr std::uint32_t fed_units = 64;

/// One to sign, one on its way.
constexpr std::uint32_t units_least = 2;

} // namespace

work_window::work_window(std::uint32_t units_max, std::uint32_t leases_max)
    : units_max_(std::max(units_max, 1u)),
      leases_max_(std::max(leases_max, 1u)),
      units_(std::min(units_max_, units_least)), leases_(leases_max_) {}

void work_window::arrived(milliseconds took, milliseconds waited,
                          milliseconds ttl, bool starved) {
  const auto travelled = took - std::min(waited, took);
  if (travelled > ttl / 3) {
    shrink();
    return;
  }
  if (travelled > ttl / 8) {
    quick_ = 0;
    return;
  }
  if (++quick_ >= quick_units && leases_ < leases_max_) {
    leases_ = std::min(leases_ * 2, leases_max_);
    quick_ = 0;
  }
  fed_ = starved ? 0 : fed_ + 1;
  if (starved && waited <= travelled) {
    units_ = std::min(units_ + 1, units_max_);
  } else if (fed_ >= fed_units) {
    fed_ = 0;
    units_ = units_ > units_least ? units_ - 1 : units_;
  }
}

void work_window::shrink() {
  quick_ = 0;
  if (units_ > 1)
    units_ /= 2;
  else
    leases_ = std::max(leases_ / 2, 1u);
}

} // namespace chancery::actors
