// SPDX-License-Identifier: Apache-2.0
#pragma once

// The system clock. Actors do not read it themselves: they receive it as a
// function. It may jump back. Any thread.

#include <cstdint>
#include <time.h>

namespace chancery::actors {

/// Milliseconds since 1970. A clock before that gives a number of 2^63 or more;
/// std::chrono's would also turn back after the year 2262.
inline std::uint64_t wall_clock_ms() {
  timespec t{};
  clock_gettime(CLOCK_REALTIME, &t);
  return static_cast<std::uint64_t>(t.tv_sec) * 1'000 +
         static_cast<std::uint64_t>(t.tv_nsec) / 1'000'000;
}

} // namespace chancery::actors
