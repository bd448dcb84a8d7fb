// SPDX-License-Identifier: Apache-2.0
#pragma once

// The load of N clients that send at a steady rate: options, progress and
// result, as plain values for code without actors.

#include "crypto/ledger/message.hpp"

#include "crypto/providers/provider.hpp"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace chancery::actors {

inline constexpr std::size_t ledger_clients_max = 10'000;

struct client_load {
  std::size_t clients = 10;
  double rate = 1;            ///< messages per client and second
  double duration = 60;       ///< seconds of the clients' time
  double speed = 1;           ///< how much faster that time runs
  std::size_t body_size = 64; ///< bytes of text in each message
  crypto::provider provider = crypto::single_signatures;
  /// Pause before a client asks a busy node again.
  std::chrono::milliseconds busy_pause{50};
  /// How long the clients wait for the last answers: after a stop, and when no
  /// answer has come for so long after the last message was due. Unset: no
  /// limit.
  std::optional<std::chrono::milliseconds> patience{};
};

/// Throws std::invalid_argument for figures out of range.
void check(const client_load& load);

struct ledger_progress {
  std::atomic<std::uint64_t> sent{0};
  std::atomic<std::uint64_t> accepted{0};
  std::atomic<std::uint64_t> refused{0};
  std::atomic<std::uint64_t> blocks{0};
};

/// A receipt that a client has verified.
struct held_receipt {
  std::uint64_t index = 0;
  crypto::hash_bytes leaf{};
};

struct client_load_result {
  std::uint64_t sent = 0; ///< messages, each counted once
  std::uint64_t accepted = 0;
  std::uint64_t refused = 0;
  std::uint64_t unsent = 0;   ///< were due, or would have been
  std::uint64_t again = 0;    ///< resent after a timeout or `busy`
  std::uint64_t failures = 0; ///< clients that failed
  std::string failure;        ///< reason of the first failure
  double latency_ms_p50 = 0;
  double latency_ms_p99 = 0;
  double latency_ms_max = 0;
  double seconds = 0; ///< from the first message to the last answer
  bool stopped = false;
  bool given_up = false; ///< no answer came any more
  std::vector<held_receipt> receipts;

  /// Sent, and neither accepted nor refused.
  std::uint64_t unconfirmed() const { return sent - accepted - refused; }
};

} // namespace chancery::actors
