// SPDX-License-Identifier: Apache-2.0
#pragma once

// How much work a signer on another host asks for ahead. More units while it
// had to wait for the network (and not for the coordinator), so that a long way
// costs no time; half as many when a unit took a good part of its leases' time
// to arrive, so that a slow line does not let them run out; then smaller units.
// What it does not need for long it gives up, one unit after the other.
// Plain class, one thread at a time.

#include "actors/base/milliseconds.hpp"

#include <cstdint>

namespace chancery::actors {

class work_window {
 public:
  /// Begins with two units (one to sign, one on its way), as far as allowed.
  work_window(std::uint32_t units_max, std::uint32_t leases_max);

  std::uint32_t units() const noexcept { return units_; }
  std::uint32_t leases() const noexcept { return leases_; } ///< for one unit

  /// A unit arrived, this long after it was asked for, of which it waited so
  /// long at the coordinator. `starved`: the signer had nothing else to do.
  void arrived(milliseconds took, milliseconds waited, milliseconds ttl,
               bool starved);

 private:
  void shrink();

  std::uint32_t units_max_;
  std::uint32_t leases_max_;
  std::uint32_t units_;
  std::uint32_t leases_;
  std::uint32_t quick_ = 0; // units in a row that came quickly
  std::uint32_t fed_ = 0;   // and that found something to sign
};

} // namespace chancery::actors
