// SPDX-License-Identifier: Apache-2.0
#pragma once

// Posts records to a service that signs, over HTTP: many named ones a request,
// a line each, and sometimes one alone, which waits for its signature. Some
// requests are sent twice with an Idempotency-Key, and both answers must be the
// same. What the server is too busy for, or what got no answer, is posted
// again, which the names make safe. Each client has a connection and a thread.

#include "apps/http/http_client.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace chancery::apps {

/// Each a connection, and a thread here.
inline constexpr std::size_t record_clients_max = 100;

struct record_load {
  std::uint64_t records = 0; ///< of all clients
  std::size_t clients = 1;   ///< up to record_clients_max
  double seconds = 0;        ///< over which requests are spread
};

/// A record that a client sent, and the id that it was told.
struct acknowledged_record {
  std::uint64_t id = 0;
  std::string name;
  std::string bytes;
  std::string signature{}; ///< of the answer, base64url; empty: it had none
};

struct record_load_result {
  std::vector<acknowledged_record> records; ///< in the order of ids
  std::uint64_t requests = 0;               ///< answered; one sent twice is one
  std::uint64_t replayed = 0;               ///< that were sent twice
  std::uint64_t again = 0;       ///< sent again: busy, or without an answer
  std::uint64_t waited = 0;      ///< that waited for the signature
  std::uint64_t signed_ones = 0; ///< of these: answered with it
  double wait_ms_p50 = 0;        ///< from such a request to its answer
  double wait_ms_p99 = 0;
  std::uint64_t failures = 0; ///< clients that gave up
  std::string failure;        ///< the first one's
  double seconds = 0;
};

/// Blocks until all records are acknowledged, or `stop` is set. `done` counts
/// them. Throws actors::no_thread.
record_load_result post_over_http(const http_client_options& server,
                                  const record_load& load,
                                  const std::atomic<bool>& stop,
                                  std::atomic<std::uint64_t>& done);

} // namespace chancery::apps
