// SPDX-License-Identifier: Apache-2.0
#pragma once

// One message of a client with a folder, sent to a node that it is connected
// to, until its receipt is in the folder. A message of an earlier life that has
// no receipt goes first, as its answer may have been lost.

#include "actors/systems/remote_ledger.hpp"
#include "apps/commands/client_receipt.hpp"

#include <atomic>
#include <chrono>
#include <filesystem>
#include <optional>
#include <string>

namespace chancery::apps {

/// The node that the client in this folder is of, and `pinned` without a
/// folder. Throws std::runtime_error when they are not the same.
std::optional<crypto::key_id>
node_of_client(const std::filesystem::path& root,
               const std::optional<crypto::key_id>& pinned);

class connected_message {
 public:
  struct limits {
    std::chrono::milliseconds wait; ///< for each answer
    const std::atomic<bool>* stop;
  };

  /// Makes the folder when there is none, and pins the node. The references
  /// outlive this object.
  connected_message(const command_context& context,
                    actors::remote_ledger& ledger,
                    const std::filesystem::path& root,
                    const std::optional<crypto::key_id>& pinned, limits limits);

  /// Throws std::runtime_error when the node refuses it or no answer comes; the
  /// message then waits in the folder for the next time.
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
  bool known_; ///< the node may have it registered: there was a folder
  client_folder folder_;
  crypto::private_key identity_;
};

} // namespace chancery::apps
