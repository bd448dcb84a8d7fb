// SPDX-License-Identifier: Apache-2.0
#pragma once

// How much memory a whole job takes, and whether that grows with its size. Each
// job runs in a process of its own, because a process never forgets its peak.
// Two figures, as the resident set also counts the pages of the database that
// happen to be in the kernel's cache: the peak of all, and the peak of what the
// process itself holds (RssAnon, sampled).

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace chancery::benchmarks {

struct memory_use {
  std::uint64_t size = 0;         ///< of the job: records or messages
  std::uint64_t peak_kb = 0;      ///< of the resident set, by getrusage
  std::uint64_t peak_anon_kb = 0; ///< of RssAnon, every ten milliseconds
  double rate = 0;                ///< a second
};

/// Runs this program again as a child for each size, with `arguments(size)`,
/// and prints a table. Throws std::runtime_error when one fails.
void measure_memory(
    const std::vector<std::uint64_t>& sizes, const std::string& unit,
    const std::function<std::vector<std::string>(std::uint64_t)>& arguments);

/// The child's part: runs the job, which answers with its rate, and prints what
/// was found on stdout.
void run_memory_child(const std::function<double()>& job);

} // namespace chancery::benchmarks
