// SPDX-License-Identifier: Apache-2.0
#pragma once

// The system clock. Actors do not read it themselves: they receive it as a
// function. It may jump back. Any thread.

#include <chrono>
#include <cstdint>

namespace chancery::actors {

/// Milliseconds since 1970.
inline std::uint64_t wall_clock_ms() {
  using namespace std::chrono;
  return static_cast<std::uint64_t>(
      duration_cast<milliseconds>(system_clock::now().time_since_epoch())
          .count());
}

} // namespace chancery::actors
