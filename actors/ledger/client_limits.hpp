// SPDX-License-Identifier: Apache-2.0
#pragma once

// How much one client may have stored, so that it cannot fill the node's disk.
// Plain class, one thread at a time.

#include "crypto/keys/key.hpp"
#include "crypto/keys/key_id_hash.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>

namespace chancery::actors {

struct client_limits {
  std::optional<std::uint64_t> messages_a_second{}; ///< unset: no limit
  /// Of messages as the client signed them, in a day of UTC; unset: no limit.
  std::optional<std::uint64_t> bytes_a_day{};
};

/// Counts since the node's start: a restart begins a new day. Holds an entry
/// for each client that sent something in this second and on this day.
class client_usage {
 public:
  explicit client_usage(client_limits limits) : limits_(limits) {}

  /// Counts a message. Empty, or why it may not be stored; then it does not
  /// count.
  std::string add(const crypto::key_id& client, std::uint64_t bytes,
                  std::uint64_t now_ms);

 private:
  using counts =
      std::unordered_map<crypto::key_id, std::uint64_t, crypto::key_id_hash>;

  client_limits limits_;
  std::uint64_t second_ = 0;
  std::uint64_t day_ = 0;
  counts messages_; ///< in this second
  counts bytes_;    ///< on this day
};

} // namespace chancery::actors
