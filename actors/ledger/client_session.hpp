// SPDX-License-Identifier: Apache-2.0
#pragma once

// A ledger client's side of the protocol, without a network: it signs and
// encrypts messages, checks the node's receipts against them, and remembers the
// highest block seen, to detect a node whose chain went backward. At most one
// message is unconfirmed at a time. Not thread-safe.

#include "crypto/keys/key.hpp"
#include "crypto/ledger/message.hpp"
#include "crypto/providers/provider.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace chancery::actors {

/// What a client must keep between two runs.
struct client_memory {
  std::uint64_t sequence = 0; ///< of the last message that was sealed
  std::string unconfirmed;    ///< its JWS; empty once answered
  std::optional<crypto::block_ref> highest; ///< block seen in a receipt
};

/// Reads the node's keys from its keys JWS. Throws std::runtime_error unless
/// they are signed by the node that they name, and that is `pinned` if given.
crypto::node_keys read_node_keys(std::string_view compact,
                                 const std::optional<crypto::key_id>& pinned,
                                 crypto::provider verifying);

/// A well-formed receipt; its signature is not verified yet.
struct read_receipt {
  crypto::jws parts; ///< views the text
  crypto::receipt content;
};

class client_session {
 public:
  client_session(crypto::private_key identity, crypto::node_keys node,
                 crypto::provider provider, client_memory memory = {});

  const crypto::key_id& id() const noexcept { return identity_.id(); }
  const crypto::private_key& identity() const noexcept { return identity_; }
  const client_memory& memory() const noexcept { return memory_; }

  /// The registration JWS.
  std::string registration(std::uint64_t now_ms);

  /// Signs `body` (JSON text) under the next sequence number, and encrypts it.
  /// Throws std::logic_error while a message is unconfirmed, and
  /// std::invalid_argument for a body that is not a JSON value or too large.
  std::string seal(std::string_view body, std::uint64_t now_ms);

  /// For session_batch, what seal() does before and after signing: the signing
  /// input, and the JWS that is made of it under identity() and becomes the
  /// unconfirmed message.
  std::string draft(std::string_view body, std::uint64_t now_ms) const;
  void await_receipt(std::string compact);

  /// Encrypts the unconfirmed message again, to resend it. Throws
  /// std::logic_error when no message is unconfirmed.
  std::string seal_again();

  /// Takes the receipt of the unconfirmed message. Throws std::runtime_error
  /// when the node did not sign it, it is for another message, or the node's
  /// chain went backward or shows another block; the message then stays
  /// unconfirmed.
  crypto::receipt accept(std::string_view compact);

  /// For session_batch, what accept() does before and after verifying.
  read_receipt read(std::string_view compact) const;
  crypto::receipt accept(const read_receipt& read, bool verified);

  /// Drops the unconfirmed message, which the node refused for good. Its
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
