// SPDX-License-Identifier: Apache-2.0
#pragma once

// Measures how much memory a whole job takes, and whether that grows with the
// job's size. Each job runs in a process of its own, because a process's peak
// never decreases. There are two figures: the peak of the resident set, which
// includes database pages in the kernel's cache, and the sampled peak of
// RssAnon, which is what the process itself holds.

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace chancery::benchmarks {

struct memory_use {
  std::uint64_t size = 0;         ///< of the job: records or messages
  std::uint64_t peak_kb = 0;      ///< of the resident set, by getrusage
  std::uint64_t peak_anon_kb = 0; ///< of RssAnon, sampled every 10 ms
  double rate = 0;                ///< per second
};

/// Runs this program again as a child for each size, with `arguments(size)`,
/// and prints a table. Throws std::runtime_error if a child fails.
void measure_memory(
    const std::vector<std::uint64_t>& sizes, const std::string& unit,
    const std::function<std::vector<std::string>(std::uint64_t)>& arguments);

/// The main function of the child: runs the job, which returns its rate, and
/// prints the peak of RssAnon and the rate on stdout.
void run_memory_child(const std::function<double()>& job);

} // namespace chancery::benchmarks
