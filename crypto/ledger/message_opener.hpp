// SPDX-License-Identifier: Apache-2.0
#pragma once

// The node's checks of one message or registration that do not depend on its
// place in the order: decrypt, parse, check the schema, the recipient and the
// sender; then verify with the sender's key. All refusals except
// unknown_client, stale_sequence, not_allowed, busy and internal come from
// here. Belongs to one thread at a time.

#include "crypto/jose/jwe.hpp"
#include "crypto/jose/jws_batch.hpp"
#include "crypto/ledger/message.hpp"
#include "crypto/providers/provider.hpp"

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace chancery::crypto {

/// A well-formed message; its signature is not verified yet.
struct opened_message {
  message content;
  std::string compact; ///< the JWS as the client signed it
  jws parts;
};

/// What a message is, or why it is refused.
using message_opening = std::variant<opened_message, refused>;

struct opened_registration {
  registration content;
  public_key key; ///< proved to be the client's
};

/// Why a message that its client's key did not sign is refused.
refused bad_signature();

/// A message and the key of the client that it names. Owns neither.
struct message_claim {
  const opened_message* opened;
  const public_key* key;
};

class message_opener {
 public:
  /// `node` is the node's id; `encryption` its encryption key. `p` agrees on
  /// keys and verifies.
  message_opener(const key_id& node, const private_key& encryption, provider p);

  /// Throws refused: too_large, not_encrypted_to_me, not_signed, bad_schema,
  /// wrong_node, not_the_sender (kid and client differ).
  opened_message open(std::string_view jwe);

  /// The same for many, in their order.
  std::vector<message_opening> open_all(std::span<const std::string_view> jwes);

  /// Throws refused unless `key` signed it: bad_signature, or not_the_sender
  /// for a key that is not the client's.
  void verify(const opened_message& opened, const public_key& key);

  /// The same for many, one verdict per claim: whether its key signed it. Each
  /// key must be the client's (require_sender).
  void verify_all(std::span<const message_claim> claims,
                  std::span<bool> verdicts);

  /// Throws refused not_the_sender for a key that is not the client's.
  static void require_sender(const opened_message& opened,
                             const public_key& key);

  /// Parses a registration JWS and verifies it under its own key, which proves
  /// that the client holds the key of that thumbprint. Throws refused:
  /// too_large, not_signed, bad_schema, wrong_node, not_the_sender (the key's
  /// thumbprint, kid and client differ, or are the node's own), bad_signature.
  opened_registration open_registration(std::string_view compact);

 private:
  opened_message checked(std::string compact);

  key_id node_;
  key_id encryption_;
  jwe_opener jwe_;
  jws_batch signatures_; // of one call
};

} // namespace chancery::crypto
