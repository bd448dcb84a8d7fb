// SPDX-License-Identifier: Apache-2.0
#pragma once

// A ledger's node on another host of the cluster, for threads that do not know
// of actors: keeps the connection (node_link.hpp), hands messages in, asks
// about the chain, and runs many clients against it. Any thread may call it.
//
// The certificates say who may connect. Which node this is, says the node
// itself; what shows it are its keys and receipts, which clients check.

#include "actors/ledger/client_load.hpp"
#include "actors/systems/ledger_answer.hpp"
#include "crypto/certificates/host_certificate.hpp"
#include "crypto/keys/key.hpp"
#include "crypto/ledger/message.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <string>

namespace chancery::actors {

struct remote_ledger_options {
  crypto::host_credentials credentials; ///< of the role `client`
  std::string host;
  std::uint16_t port = 0;
  std::optional<crypto::key_id> node; ///< nothing: the one that answers first
  std::string software;               ///< as the node is told
  std::size_t threads = 1;            ///< for the clients of run_clients
  /// Told once when the connection is lost, with why, and once when it is
  /// there (again), with no text. On a thread of its own.
  std::function<void(bool connected, const std::string& why)> tell{};
};

class remote_ledger {
 public:
  /// Begins to connect. Throws std::runtime_error for credentials that do not
  /// fit.
  explicit remote_ledger(remote_ledger_options options);
  remote_ledger(const remote_ledger&) = delete;
  remote_ledger& operator=(const remote_ledger&) = delete;
  /// Ends the connection; every future has its answer.
  ~remote_ledger();

  /// Until it is connected or stopped: false then. Throws std::runtime_error
  /// that says why when the limit is over or the node refuses this host.
  bool wait(std::chrono::milliseconds limit, const std::atomic<bool>& stop);

  /// Why it gave up for good; empty while it has not.
  std::string failure() const;

  /// A JWE or a registration JWS. `busy` also means that there is no connection
  /// now or that it was lost: hand the same in again.
  std::future<ledger_answer> submit(std::string text);

  /// The node's signed keys (client_session.hpp's read_node_keys checks them).
  /// Throws std::runtime_error when no answer comes.
  std::string node_keys();

  /// Completed blocks. Throws std::runtime_error when no answer comes.
  std::uint64_t block_count();

  /// Clients with identities of their own, in memory, at a steady rate. They
  /// wait out what the connection does. Throws std::invalid_argument for
  /// figures out of range.
  client_load_result run_clients(const client_load& load,
                                 const crypto::node_keys& keys,
                                 const std::atomic<bool>& stop,
                                 ledger_progress& progress);

 private:
  struct state;

  std::unique_ptr<state> state_;
};

} // namespace chancery::actors
