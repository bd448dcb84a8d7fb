// SPDX-License-Identifier: Apache-2.0
#pragma once

// Splits a range of numbers into chunks that several threads work through. For
// reading and checking stored data, which needs no actors.

#include "actors/base/threads.hpp"
#include "storage/errors.hpp"

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <exception>
#include <span>
#include <thread>
#include <vector>

namespace chancery::actors {

/// `count` workers, at least one, each made of the same arguments; fewer where
/// the store has no more places for readers. Throws what the first one throws.
template <class Worker, class... Args>
std::vector<Worker> workers_of(std::size_t count, Args&... args) {
  std::vector<Worker> workers;
  workers.emplace_back(args...);
  try {
    while (workers.size() < count)
      workers.emplace_back(args...);
  } catch (const storage::busy&) {
  }
  return workers;
}

/// Each worker takes one chunk of [begin, end) after the other, in ascending
/// order, as worker(first, last): the first on the calling thread, the others
/// on threads of their own, as far as the system starts so many. Returns when
/// no chunk is left, `stop` is set or a worker threw. The first exception is
/// rethrown once all threads have ended. There is at least one worker.
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
    try {
      for (auto& worker : workers.subspan(1))
        threads.push_back(
            start_thread<std::jthread>([&work, &worker] { work(worker); }));
    } catch (const no_thread&) {
      // Those that there are do the work.
    }
    work(workers.front());
  }
  if (failure)
    std::rethrow_exception(failure);
}

} // namespace chancery::actors
