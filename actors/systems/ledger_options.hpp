// SPDX-License-Identifier: Apache-2.0
#pragma once

// Options and counters of a ledger's node. Plain values.

#include "actors/ledger/client_limits.hpp"
#include "actors/transport/limits.hpp"
#include "crypto/certificates/host_certificate.hpp"
#include "crypto/keys/key.hpp"
#include "crypto/ledger/refusal.hpp"
#include "crypto/providers/provider.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>

namespace chancery::actors {

inline constexpr std::size_t validators_max = 1'024;

/// How a node takes connections from clients' hosts.
struct ledger_listening {
  crypto::host_credentials credentials;      ///< of the role `node`
  std::string address;                       ///< an IP address of this host
  std::uint16_t port = 0;                    ///< 0: the system chooses
  std::string software;                      ///< sent to peers
  std::size_t links_max = actors::links_max; ///< further hosts are refused
  /// Receives one line about a host that was refused or cut; a few lines per
  /// second at most. Any thread.
  std::function<void(const std::string&)> log{};
  /// Which hosts may not connect, as in listener_options; may be empty.
  std::function<std::optional<std::string>(const crypto::host_identity&)>
      denied{};
};

struct ledger_node_options {
  /// Threads that decrypt and verify: 1 .. validators_max.
  std::size_t validators = 1;
  /// Signs receipts and blocks, and verifies messages.
  crypto::provider provider = crypto::single_signatures;
  /// Clients that may register; unset: any client.
  std::optional<std::set<crypto::key_id>> allowed{};
  client_limits limits{};
  /// Bytes that stay free on the disk: below, new messages are refused as
  /// disk_full, before a commit can fail and end the node. 0: no reserve.
  std::uint64_t disk_reserve = 0;
  std::function<std::uint64_t()> wall_clock_ms{}; ///< default: the system's
  std::optional<ledger_listening> listening{};
};

struct ledger_counters {
  std::uint64_t accepted = 0;
  std::uint64_t repeated = 0; ///< resent, answered with the first receipt
  std::uint64_t registered = 0;
  std::map<crypto::refusal, std::uint64_t> refused;
};

} // namespace chancery::actors
