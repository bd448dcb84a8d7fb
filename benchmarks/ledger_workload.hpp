// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the ledger's measurements are made on: a node's keys, clients, messages
// that are signed and encrypted beforehand, and for each job a fresh ledger in
// a folder of its own, which goes away with the job. Commits are synchronous,
// as in earnest.

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

/// `count` JWEs, the clients in turn, each under its next sequence number after
/// `sent` messages of all clients. Made by `threads` threads.
std::vector<std::string> seal_messages(const ledger_cast& cast,
                                       const ledger_workload& w,
                                       std::uint64_t sent, std::uint64_t count);

/// A ledger that knows the clients, removed at the end.
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
