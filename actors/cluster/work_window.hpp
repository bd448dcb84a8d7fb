// SPDX-License-Identifier: Apache-2.0
#pragma once

// How much work a remote signer asks for ahead. One unit more when it had to
// wait for the network (and not for the coordinator), so that latency costs no
// throughput. Half as many, and then smaller ones, when a unit took over a
// third of its leases' time to arrive, so that a slow network does not let
// leases run out. Units that it does not need for long are given up one by one.
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

  /// A unit arrived `took` after its request, of which it waited `waited` at
  /// the coordinator. `starved`: the signer had nothing else to sign.
  void arrived(milliseconds took, milliseconds waited, milliseconds ttl,
               bool starved);

 private:
  void shrink();

  std::uint32_t units_max_;
  std::uint32_t leases_max_;
  std::uint32_t units_;
  std::uint32_t leases_;
  std::uint32_t quick_ = 0; // quick units in a row
  std::uint32_t fed_ = 0;   // and while the signer was busy
};

} // namespace chancery::actors
