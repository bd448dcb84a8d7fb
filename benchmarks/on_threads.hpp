// SPDX-License-Identifier: Apache-2.0
#pragma once

// Threads of a measurement, which end with the call. A measurement's exception
// ends the program.

#include <cstddef>
#include <thread>
#include <vector>

namespace chancery::benchmarks {

/// Runs `work(t)` on `count` threads, with t from 0 to count - 1.
template <class Work>
void on_threads(std::size_t count, const Work& work) {
  std::vector<std::jthread> threads;
  for (std::size_t t = 0; t < count; ++t)
    threads.emplace_back([&work, t] { work(t); });
}

} // namespace chancery::benchmarks
