// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/http_asking.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <exception>
#include <mutex>
#include <stdexcept>
#include <thread>

namespace chancery::benchmarks {

using steady = std::chrono::steady_clock;
using apps::http_client;

void on_connections(
    const served_process& server, std::size_t connections,
    const std::function<void(http_client&, std::size_t number)>& work) {
  std::mutex mutex;
  std::exception_ptr failure;
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < connections; ++i)
      threads.emplace_back([&, i] {
        try {
          http_client client(server.address());
          work(client, i);
        } catch (...) {
          const std::scoped_lock lock(mutex);
          failure = std::current_exception();
        }
      });
  }
  if (failure)
    std::rethrow_exception(failure);
}

void require_status(const apps::http_response& answer, int status) {
  if (answer.status != status)
    throw std::runtime_error(
        fmt::format("the server answered {}: {}", answer.status, answer.body));
}

measure measured(const served_process& server, std::uint64_t requests,
                 const std::function<void()>& job) {
  const auto cpu = server.cpu_seconds();
  const auto begin = steady::now();
  job();
  measure m;
  m.records = requests;
  m.seconds = std::chrono::duration<double>(steady::now() - begin).count();
  m.cpu_seconds = server.cpu_seconds() - cpu;
  return m;
}

latency latency_of(std::vector<double> ms) {
  std::ranges::sort(ms);
  const auto at = [&](double share) {
    return ms.empty() ? 0
                      : ms[static_cast<std::size_t>(std::lround(
                            share * static_cast<double>(ms.size() - 1)))];
  };
  return {at(0.5), at(0.99)};
}

latency paced(const served_process& server, double rate, std::uint64_t requests,
              std::size_t connections,
              const std::function<void(http_client&, std::uint64_t i)>& send) {
  std::mutex mutex;
  std::vector<double> all;
  const auto begin = steady::now() + std::chrono::milliseconds(50);
  on_connections(
      server, connections, [&](http_client& client, std::size_t number) {
        std::vector<double> ms;
        for (auto i = std::uint64_t{number}; i < requests; i += connections) {
          const auto due =
              begin +
              std::chrono::duration_cast<steady::duration>(
                  std::chrono::duration<double>(static_cast<double>(i) / rate));
          std::this_thread::sleep_until(due);
          send(client, i);
          ms.push_back(
              std::chrono::duration<double, std::milli>(steady::now() - due)
                  .count());
        }
        const std::scoped_lock lock(mutex);
        all.insert(all.end(), ms.begin(), ms.end());
      });
  return latency_of(std::move(all));
}

} // namespace chancery::benchmarks
