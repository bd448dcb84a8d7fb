// SPDX-License-Identifier: Apache-2.0
#pragma once

// A ledger client that can break each rule: it makes messages and registrations
// from their parts, so that any part can be wrong. One thread.

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

  /// A message's payload with this `seq`, and with `more` members before
  /// `body`.
  std::string payload(std::string_view seq, std::string_view more = "",
                      std::string_view body = "{}") const;
  /// An honest payload.
  std::string payload(std::uint64_t sequence,
                      std::string_view body = "{}") const;

  /// A compact JWS of `header` and `payload`, unchecked, under `signing_key`.
  std::string signed_text(std::string_view header, std::string_view payload,
                          const crypto::private_key& signing_key) const;
  std::string signed_text(std::string_view header,
                          std::string_view payload) const;
  /// {"alg":"ES256","kid":<own>,"typ":"chancery-message+jws"}
  std::string header() const;

  std::string message(std::string_view payload) const;
  std::string registration(const crypto::key_id& node) const;

  /// A JWE of `jws` to the node, with the content type of a message.
  std::string sealed(std::string_view jws) const;

 private:
  crypto::private_key key_;
  crypto::node_keys node_;
  std::unique_ptr<crypto::batch_signer> signer_;
};

} // namespace chancery::apps
