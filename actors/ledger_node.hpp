// SPDX-License-Identifier: Apache-2.0
#pragma once

// The ledger's node in this process: spawns its actors (README.md draws them),
// and lets any thread hand in messages without knowing of actors. The caller
// holds the data folder's node lock and the only writing store object.
//
// It may also listen for clients on other hosts of a cluster. Each connection
// ends in a gateway of its own (ledger_gateway.hpp), and the node is never
// reachable itself. Its end first stops listening, then answers what waits; if
// the actors' end hangs for 10 s behind a peer that was stopped, the process
// ends without them (exit_watchdog.hpp).

#include "actors/ledger_answer.hpp"
#include "crypto/host_certificate.hpp"
#include "crypto/key.hpp"
#include "crypto/node_identity.hpp"
#include "crypto/refusal.hpp"
#include "storage/ledger_store.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>

namespace chancery::actors {

inline constexpr std::size_t validators_max = 1'024;

/// How a node takes connections from clients' hosts.
struct ledger_listening {
  crypto::host_credentials credentials; ///< of the role `node`
  std::string address;                  ///< an IP address of this host
  std::uint16_t port = 0;               ///< 0: the system chooses
  std::string software;                 ///< as peers are told
  std::size_t links_max = 1'024;        ///< beyond it, hosts are refused
  /// One line about a host that was refused or cut; some a second at most. Any
  /// thread.
  std::function<void(const std::string&)> log{};
};

struct ledger_node_options {
  /// Threads that decrypt and verify: 1 .. validators_max.
  std::size_t validators = 1;
  /// Clients that may register; nothing: everybody.
  std::optional<std::set<crypto::key_id>> allowed{};
  std::function<std::uint64_t()> wall_clock_ms{}; ///< default: the system's
  std::optional<ledger_listening> listening{};
};

struct ledger_counters {
  std::uint64_t accepted = 0;
  std::uint64_t repeated = 0; ///< sent again, answered with the first receipt
  std::uint64_t registered = 0;
  std::map<crypto::refusal, std::uint64_t> refused;
};

class ledger_node {
 public:
  /// Throws std::runtime_error when the store belongs to another node, or it
  /// cannot listen.
  ledger_node(storage::ledger_store& store,
              const crypto::node_identity& identity,
              ledger_node_options options);
  ledger_node(const ledger_node&) = delete;
  ledger_node& operator=(const ledger_node&) = delete;
  /// Stops it: what is acknowledged is on disk; what waits gets `internal`.
  ~ledger_node();

  /// A JWE (five parts) or a registration JWS (three). Any thread. The order of
  /// calls is the order of arrival. Answers once the commit is on disk.
  std::future<ledger_answer> submit(std::string text);

  ledger_counters counters() const;

  /// What it listens on; 0 when it does not.
  std::uint16_t port() const noexcept;

  /// Hosts that are connected now.
  std::uint64_t connected() const noexcept;

  /// The keys JWS that clients start from.
  const std::string& keys() const noexcept;

  /// Why the node cannot go on (a commit failed, say); empty while all is well.
  std::string failure() const;

  struct state;

 private:
  std::unique_ptr<state> state_;
};

} // namespace chancery::actors
