// SPDX-License-Identifier: Apache-2.0
#pragma once

// What this process uses, from /proc/self (proc(5)). Any thread.

#include <cstdint>
#include <optional>

namespace chancery::apps {

struct process_figures {
  double cpu_seconds = 0; ///< user and system
  std::uint64_t resident_bytes = 0;
  std::uint64_t virtual_bytes = 0;
  std::uint64_t threads = 0;
  double start = 0; ///< seconds since 1970
  std::uint64_t open_descriptors = 0;
  std::uint64_t descriptors_max = 0;
};

/// Nothing where /proc is not mounted or reads otherwise.
std::optional<process_figures> read_process_figures();

} // namespace chancery::apps
