// SPDX-License-Identifier: Apache-2.0
#pragma once

// Sends one message of a client with a folder over a connection to its node and
// stores the receipt in the folder. A message that an earlier run left without
// a receipt is sent first, as its answer may have been lost. Main thread.

#include "actors/systems/remote_ledger.hpp"
#include "apps/commands/client_receipt.hpp"

#include <atomic>
#include <chrono>
#include <filesystem>
#include <optional>
#include <string>

namespace chancery::apps {

/// The node of the client in this folder, or `pinned` when there is no client.
/// Throws std::runtime_error when the two differ.
std::optional<crypto::key_id>
node_of_client(const std::filesystem::path& root,
               const std::optional<crypto::key_id>& pinned);

class connected_message {
 public:
  struct limits {
    std::chrono::milliseconds wait; ///< for each answer
    const std::atomic<bool>* stop;
  };

  /// Creates a missing folder and pins the node in it. The references must
  /// outlive this object.
  connected_message(const command_context& context,
                    actors::remote_ledger& ledger,
                    const std::filesystem::path& root,
                    const std::optional<crypto::key_id>& pinned, limits limits);

  /// Throws std::runtime_error when the node refuses the message or no answer
  /// comes; the message then stays in the folder and is sent first next time.
  kept_receipt send(const std::string& given);

 private:
  client_folder made_folder(const std::filesystem::path& root,
                            const std::optional<crypto::key_id>& pinned);
  void enroll();
  void send_left_over();
  kept_receipt deliver(const std::string& line);
  actors::ledger_answer answer_to(const std::string& line);

  const command_context& context_;
  actors::remote_ledger& ledger_;
  limits limits_;
  bool known_; ///< the folder existed, so the node may know the client
  client_folder folder_;
  crypto::private_key identity_;
};

} // namespace chancery::apps
