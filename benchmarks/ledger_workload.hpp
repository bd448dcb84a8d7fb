// SPDX-License-Identifier: Apache-2.0
#pragma once

// The input of the ledger's measurements: a node's keys, clients, messages that
// are signed and encrypted beforehand, and for each job a new ledger in a
// temporary folder that is removed after the job. Commits are synchronous, as
// in production.

#include "benchmarks/workload.hpp"
#include "crypto/ledger/node_identity.hpp"
#include "storage/ledger_store.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace chancery::benchmarks {

struct ledger_workload {
  std::uint64_t messages = 20'000;
  std::size_t clients = 100;
  std::size_t threads = 2; ///< validators
  std::size_t body_size = 160;
  std::uint32_t block_size = 100;
  std::filesystem::path folder;
};

/// The node's and the clients' keys.
struct ledger_cast {
  explicit ledger_cast(std::size_t clients);

  crypto::node_identity node;
  std::vector<crypto::private_key> clients;
};

/// Makes `count` JWEs to the cast's node, from the clients in turn. Their
/// sequence numbers follow those of the first `sent` messages. Uses `w.threads`
/// threads.
std::vector<std::string> seal_messages(const ledger_cast& cast,
                                       const ledger_workload& w,
                                       std::uint64_t sent, std::uint64_t count);

/// The same to any node.
std::vector<std::string>
seal_messages(const std::vector<crypto::private_key>& clients,
              const crypto::node_keys& node, const ledger_workload& w,
              std::uint64_t sent, std::uint64_t count);

/// A new ledger with registered clients; the destructor removes it.
class fresh_ledger {
 public:
  fresh_ledger(const ledger_cast& cast, const ledger_workload& w);
  fresh_ledger(const fresh_ledger&) = delete;
  fresh_ledger& operator=(const fresh_ledger&) = delete;
  ~fresh_ledger();

  storage::ledger_store& store() { return *store_; }

 private:
  std::filesystem::path folder_;
  std::optional<storage::ledger_store> store_;
};

} // namespace chancery::benchmarks
