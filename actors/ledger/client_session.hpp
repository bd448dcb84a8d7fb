// SPDX-License-Identifier: Apache-2.0
#pragma once

// A ledger client's side of the protocol, without a network: signs and encrypts
// its messages, checks the node's receipts against them, and remembers the
// highest block that it saw, so that a node whose chain went backward is found
// out. At most one message is unconfirmed at a time. Belongs to one thread.

#include "crypto/keys/key.hpp"
#include "crypto/ledger/message.hpp"
#include "crypto/providers/provider.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace chancery::actors {

/// What a client must not forget between two runs.
struct client_memory {
  std::uint64_t sequence = 0; ///< of the last message that was sealed
  std::string unconfirmed;    ///< its JWS; empty when it has its receipt
  std::optional<crypto::block_ref> highest; ///< block seen in a receipt
};

/// The node's keys out of its keys JWS, checked: signed by the node they name,
/// and, when `pinned` is given, by that one. Throws std::runtime_error.
crypto::node_keys read_node_keys(std::string_view compact,
                                 const std::optional<crypto::key_id>& pinned,
                                 crypto::provider verifying);

class client_session {
 public:
  client_session(crypto::private_key identity, crypto::node_keys node,
                 crypto::provider provider, client_memory memory = {});

  const crypto::key_id& id() const noexcept { return identity_.id(); }
  const client_memory& memory() const noexcept { return memory_; }

  /// The registration JWS.
  std::string registration(std::uint64_t now_ms);

  /// Signs `body` (JSON text) under the next sequence number, and encrypts it.
  /// Throws std::logic_error while a message is unconfirmed, and
  /// std::invalid_argument for a body that is no JSON value or too large.
  std::string seal(std::string_view body, std::uint64_t now_ms);

  /// The unconfirmed message once more, encrypted anew: after no answer came.
  /// Throws std::logic_error when there is none.
  std::string seal_again();

  /// Takes the receipt of the unconfirmed message. Throws std::runtime_error
  /// that says what is wrong when the node did not sign it, it is for another
  /// message, or the node's chain went backward or changed under us; the
  /// message then stays unconfirmed.
  crypto::receipt accept(std::string_view compact);

  /// The node refused the unconfirmed message for good: forgets it. Its
  /// sequence number stays used.
  void forget();

 private:
  crypto::private_key identity_;
  crypto::node_keys node_;
  client_memory memory_;
  std::unique_ptr<crypto::batch_signer> signer_;
  std::unique_ptr<crypto::signature_verifier> verifier_;
};

} // namespace chancery::actors
