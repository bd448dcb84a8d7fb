// SPDX-License-Identifier: Apache-2.0
#pragma once

// A ledger's node on another host of the cluster, for code without actors: it
// keeps the connection (node_link.hpp), submits messages, asks about the chain,
// and runs many clients against the node. Any thread may call it.
//
// Certificates decide who may connect. The node only claims its id; its signed
// keys and receipts prove it, and clients check them.

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
  std::optional<crypto::key_id> node; ///< unset: the one that answers first
  std::string software;               ///< sent to the node
  std::size_t threads = 1;            ///< for the clients of run_clients
  /// Called once when the connection is lost, with the reason, and once when it
  /// is established (again), with an empty text. On the link's thread.
  std::function<void(bool connected, const std::string& why)> tell{};
};

class remote_ledger {
 public:
  /// Starts to connect. Throws std::runtime_error for credentials that do not
  /// fit.
  explicit remote_ledger(const remote_ledger_options& options);
  remote_ledger(const remote_ledger&) = delete;
  remote_ledger& operator=(const remote_ledger&) = delete;
  /// Ends the connection, after which every future has its answer.
  ~remote_ledger();

  /// Waits for the connection; false when `stop` is set first. Throws
  /// std::runtime_error with the reason when the limit expires or the node
  /// refuses this host.
  bool wait(std::chrono::milliseconds limit, const std::atomic<bool>& stop);

  /// Why it stopped connecting for good; else empty.
  std::string failure() const;

  /// A JWE or a registration JWS. `busy` also means that there is no connection
  /// or that it was lost: submit the same text again.
  std::future<ledger_answer> submit(std::string text);

  /// The node's signed keys (client_session.hpp's read_node_keys checks them).
  /// Throws std::runtime_error when no answer comes.
  std::string node_keys();

  /// Completed blocks. Throws std::runtime_error when no answer comes.
  std::uint64_t block_count();

  /// Runs clients at a steady rate, each with its own identity in memory. They
  /// wait and resend while the connection is lost. Throws
  /// std::invalid_argument for figures out of range.
  client_load_result run_clients(const client_load& load,
                                 const crypto::node_keys& keys,
                                 const std::atomic<bool>& stop,
                                 ledger_progress& progress);

 private:
  struct state;

  std::unique_ptr<state> state_;
};

} // namespace chancery::actors
