// SPDX-License-Identifier: Apache-2.0
#pragma once

// Splits a range of numbers into chunks that several threads work through. For
// reading and checking stored data, which needs no actors.

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <exception>
#include <span>
#include <thread>
#include <vector>

namespace chancery::actors {

/// Gives every worker a thread, on which it takes one chunk of [begin, end)
/// after the other, in ascending order, as worker(first, last). Returns when no
/// chunk is left, `stop` is set or a worker threw. The first exception is
/// rethrown once all threads have ended.
template <class Worker>
void work_in_chunks(std::span<Worker> workers, std::uint64_t begin,
                    std::uint64_t end, std::uint64_t chunk,
                    const std::atomic<bool>& stop) {
  const auto whole = (end - begin) / chunk;
  const auto chunks = whole + ((end - begin) % chunk != 0 ? 1 : 0);
  std::atomic<std::uint64_t> next{0};
  std::atomic<bool> failed{false};
  std::exception_ptr failure;
  const auto work = [&](Worker& worker) {
    try {
      while (!stop && !failed) {
        const auto number = next.fetch_add(1);
        if (number >= chunks)
          return;
        const auto first = begin + number * chunk;
        worker(first, first + std::min(chunk, end - first));
      }
    } catch (...) {
      if (!failed.exchange(true))
        failure = std::current_exception();
    }
  };
  {
    std::vector<std::jthread> threads;
    for (auto& worker : workers)
      threads.emplace_back([&] { work(worker); });
  }
  if (failure)
    std::rethrow_exception(failure);
}

} // namespace chancery::actors
