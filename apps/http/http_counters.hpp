// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a server counts, for metrics.

#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace chancery::apps {

struct http_counters {
  std::uint64_t connections = 0;  ///< now
  std::uint64_t accepted = 0;     ///< since the start
  std::uint64_t under_way = 0;    ///< requests whose answer is owed, now
  std::uint64_t streams = 0;      ///< answers that go on being sent, now
  std::uint64_t body_bytes = 0;   ///< in memory, now
  std::uint64_t answer_bytes = 0; ///< that wait for their readers, now
  /// Connections that were closed without an answer, by reason: "full",
  /// "address_full", "handshake", "idle_gave_way", "linger_gave_way".
  std::map<std::string, std::uint64_t> closed;
  /// When the server's certificate ends, in seconds since 1970; without TLS
  /// nothing.
  std::optional<std::int64_t> certificate_end;
};

} // namespace chancery::apps
