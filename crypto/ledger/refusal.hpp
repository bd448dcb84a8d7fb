// SPDX-License-Identifier: Apache-2.0
#pragma once

// Why the ledger's node refuses a message or a registration: a machine-readable
// code, and a sentence for people. The sentence never quotes received data.

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace chancery::crypto {

/// The numbers cross hosts: never change their meaning.
enum class refusal : std::uint8_t {
  too_large = 1,       ///< longer than its limit
  not_encrypted_to_me, ///< not a JWE that this node's encryption key opens
  not_signed,          ///< no JWS of the right type inside, or its algorithm
                       ///< is not ES256
  bad_schema,          ///< the JSON does not follow message.schema.json
  wrong_node,          ///< names another node
  not_the_sender,      ///< signed under another key than its client's
  unknown_client,      ///< its client is not registered
  bad_signature,       ///< the signature does not verify
  stale_sequence,      ///< its sequence number is not above the client's last
  not_allowed,         ///< registers a client that is not on the allow list
  busy,                ///< too many messages are waiting: resend it later
  internal,            ///< a fault of the node; the sentence says which
  disk_full,           ///< the node's disk is nearly full
  over_limit,          ///< the client sent more than it may
};

/// The code's text in JSON: "too_large", ...
std::string_view to_text(refusal code) noexcept;

/// The inverse; nullopt for any other text.
std::optional<refusal> refusal_from_text(std::string_view text) noexcept;

class refused : public std::runtime_error {
 public:
  refused(refusal code, const std::string& sentence)
      : std::runtime_error(sentence), code_(code) {}
  refusal code() const noexcept { return code_; }

 private:
  refusal code_;
};

} // namespace chancery::crypto
