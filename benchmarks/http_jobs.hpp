// SPDX-License-Identifier: Apache-2.0
#pragma once

// The measurements of HTTP, one function each. The CPU time is the server's
// alone; who asks runs in this process, on connections with a thread each.

#include "benchmarks/http_asking.hpp"
#include "benchmarks/ledger_workload.hpp"
#include "benchmarks/served_process.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace chancery::benchmarks {

/// Sends the same GET again and again. `records` counts requests. Throws
/// std::runtime_error for an answer other than 200.
measure run_reads(const served_process& server, const std::string& path,
                  std::uint64_t requests, std::size_t connections);

/// Clients of a served ledger; they are registered when it exists.
class served_clients {
 public:
  served_clients(const served_process& server, const ledger_workload& w);

  /// Makes the next `count` messages, which are sent by nobody yet.
  std::vector<std::string> seal(std::uint64_t count);

 private:
  const ledger_workload& work_;
  std::vector<crypto::private_key> clients_;
  crypto::node_keys node_;
  std::uint64_t sent_ = 0;
};

/// Posts each text as a request. A client's messages go over one connection,
/// so that they arrive in their order.
measure run_posts(const served_process& server, const ledger_workload& w,
                  const std::vector<std::string>& sealed);

/// Posts lines of 1,000 at a time, over one connection.
measure run_lines(const served_process& server,
                  const std::vector<std::string>& sealed);

/// Sends at `rate` requests a second, whatever the answers take: each has a
/// time at which it is due, and its latency counts from then.
latency run_paced_reads(const served_process& server, const std::string& path,
                        double rate, std::uint64_t requests,
                        std::size_t connections);
latency run_paced_posts(const served_process& server, const ledger_workload& w,
                        const std::vector<std::string>& sealed, double rate);

/// Bytes that a server holds more with as many connections at rest.
std::uint64_t idle_bytes(const served_process& server,
                         const apps::http_client_options& address,
                         std::size_t connections);

} // namespace chancery::benchmarks
