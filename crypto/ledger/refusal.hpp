// SPDX-License-Identifier: Apache-2.0
#pragma once

// Why the ledger's node does not take a message or a registration: one
// machine-readable code each, and a sentence for people. The sentence quotes
// nothing of what was sent.

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace chancery::crypto {

/// The numbers cross hosts: never change their meaning.
enum class refusal : std::uint8_t {
  too_large = 1,       ///< longer than its limit
  not_encrypted_to_me, ///< no JWE that this node's encryption key opens
  not_signed,          ///< no JWS of the right kind inside, or of another
                       ///< algorithm than ES256
  bad_schema,          ///< the JSON does not follow message.schema.json
  wrong_node,          ///< names another node than this
  not_the_sender,      ///< signed under another key than its client's
  unknown_client,      ///< its client is not registered
  bad_signature,       ///< the signature does not verify
  stale_sequence,      ///< a sequence number that was used or passed
  not_allowed,         ///< a registration of a client that is not on the list
  busy,                ///< too much is waiting: send it again later
  internal,            ///< the node's own fault; the sentence says which
};

/// The code as it stands in JSON: "too_large", ...
std::string_view to_text(refusal code) noexcept;

/// The inverse; nothing for any other text.
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
