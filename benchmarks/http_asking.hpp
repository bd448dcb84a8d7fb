// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the measurements of HTTP share: who asks runs in this process, on
// connections with a thread each, and the CPU time is the server's alone.

#include "apps/http/http_message.hpp"
#include "benchmarks/served_process.hpp"
#include "benchmarks/workload.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace chancery::benchmarks {

struct latency {
  double p50_ms = 0;
  double p99_ms = 0;
};

latency latency_of(std::vector<double> ms);

/// Throws std::runtime_error for an answer with another status.
void require_status(const apps::http_response& answer, int status);

/// Calls `work` on as many threads, each with a connection; throws the first
/// exception of one.
void on_connections(
    const served_process& server, std::size_t connections,
    const std::function<void(apps::http_client&, std::size_t number)>& work);

/// The server's CPU time and the time on the wall of `job`.
measure measured(const served_process& server, std::uint64_t requests,
                 const std::function<void()>& job);

/// Sends request `i` at `i / rate` seconds, whatever the answers take: its
/// latency counts from when it is due. `send` is called on the thread of its
/// connection, `i` modulo `connections`.
latency
paced(const served_process& server, double rate, std::uint64_t requests,
      std::size_t connections,
      const std::function<void(apps::http_client&, std::uint64_t i)>& send);

} // namespace chancery::benchmarks
