// SPDX-License-Identifier: Apache-2.0
#pragma once

// A ledger client that knows how to break each rule: makes messages and
// registrations from their parts, so that any of them can be wrong. One thread.

#include "crypto/jose/jws.hpp"
#include "crypto/ledger/message.hpp"
#include "crypto/providers/provider.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace chancery::apps {

class attacker {
 public:
  explicit attacker(crypto::node_keys node);

  const crypto::key_id& id() const noexcept { return key_.id(); }
  const crypto::private_key& key() const noexcept { return key_; }
  const crypto::node_keys& node() const noexcept { return node_; }

  /// A message's text with this `seq` and these other members before `body`.
  std::string payload(std::string_view seq, std::string_view more = "",
                      std::string_view body = "{}") const;
  /// An honest one.
  std::string payload(std::uint64_t sequence,
                      std::string_view body = "{}") const;

  /// The three parts of a JWS under `signing_key`, whatever they are.
  std::string signed_text(std::string_view header, std::string_view payload,
                          const crypto::private_key& signing_key) const;
  std::string signed_text(std::string_view header,
                          std::string_view payload) const;
  /// {"alg":"ES256","kid":<own>,"typ":"chancery-message+jws"}
  std::string header() const;

  std::string message(std::string_view payload) const;
  std::string registration(const crypto::key_id& node) const;

  /// Encrypted to the node, as a message.
  std::string sealed(std::string_view jws) const;

 private:
  crypto::private_key key_;
  crypto::node_keys node_;
  std::unique_ptr<crypto::batch_signer> signer_;
};

} // namespace chancery::apps
