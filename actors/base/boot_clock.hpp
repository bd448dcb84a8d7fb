// SPDX-License-Identifier: Apache-2.0
#pragma once

// The clock of leases: CLOCK_BOOTTIME. It cannot be set, and it counts the time
// that the machine is suspended. Any thread.

#include <chrono>
#include <time.h>

namespace chancery::actors {

inline std::chrono::milliseconds boot_clock() {
  timespec t{};
  clock_gettime(CLOCK_BOOTTIME, &t);
  return std::chrono::seconds{t.tv_sec} +
         std::chrono::milliseconds{t.tv_nsec / 1'000'000};
}

} // namespace chancery::actors
