// SPDX-License-Identifier: Apache-2.0
#pragma once

// How much memory a whole job takes, and whether that grows with the number of
// records. Each job runs in a process of its own, because a process never
// forgets its peak. Two figures, as the resident set also counts the pages of
// the database that happen to be in the kernel's cache: the peak of all, and
// the peak of what the process itself holds (RssAnon, sampled).

#include "benchmarks/workload.hpp"

#include <cstdint>
#include <vector>

namespace chancery::benchmarks {

struct memory_use {
  std::uint64_t records = 0;
  std::uint64_t peak_kb = 0;      ///< of the resident set, by getrusage
  std::uint64_t peak_anon_kb = 0; ///< of RssAnon, every ten milliseconds
  double rate = 0;                ///< records signed a second
};

/// Runs this program again as a child for each number of records. Throws
/// std::runtime_error when one fails.
std::vector<memory_use> measure_memory(workload w,
                                       const std::vector<std::uint64_t>& sizes);

/// The child's part: runs the job and prints what it found on stdout.
void run_memory_child(const workload& w);

} // namespace chancery::benchmarks
