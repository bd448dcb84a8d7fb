// SPDX-License-Identifier: Apache-2.0
#pragma once

// The ledger's node in this process: spawns its actors (README.md draws them),
// and lets any thread hand in messages without knowing of actors. The caller
// holds the data folder's node lock and the only writing store object.

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

struct ledger_node_options {
  /// Threads that decrypt and verify: 1 .. validators_max.
  std::size_t validators = 1;
  /// Clients that may register; nothing: everybody.
  std::optional<std::set<crypto::key_id>> allowed{};
  std::function<std::uint64_t()> wall_clock_ms{}; ///< default: the system's
};

/// What became of a line. Exactly one of receipt, registered and refused is
/// there.
struct ledger_answer {
  std::string receipt;    ///< compact JWS
  std::string registered; ///< the client's id
  std::optional<crypto::refusal> refused;
  std::string reason; ///< of a refusal: one sentence
};

struct ledger_counters {
  std::uint64_t accepted = 0;
  std::uint64_t repeated = 0; ///< sent again, answered with the first receipt
  std::uint64_t registered = 0;
  std::map<crypto::refusal, std::uint64_t> refused;
};

class ledger_node {
 public:
  /// Throws std::runtime_error when the store belongs to another node.
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

  /// The keys JWS that clients start from.
  const std::string& keys() const noexcept;

  /// Why the node cannot go on (a commit failed, say); empty while all is well.
  std::string failure() const;

  struct state;

 private:
  std::unique_ptr<state> state_;
};

} // namespace chancery::actors
