// SPDX-License-Identifier: Apache-2.0
#pragma once

// The arithmetic of many clients of one node at a time: it signs their messages
// in one call, encrypts them in one, and verifies their receipts in one. Each
// session is treated as if alone. Without actors; one thread per object.

#include "actors/ledger/client_session.hpp"
#include "crypto/base/hash.hpp"
#include "crypto/jose/jwe.hpp"
#include "crypto/jose/jws_batch.hpp"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <variant>
#include <vector>

namespace chancery::actors {

/// A body to seal for its session, each session once in a call.
struct body_to_seal {
  std::shared_ptr<client_session> session;
  std::string body; ///< JSON text
  std::uint64_t now_ms = 0;
};

/// A receipt's JWS for its session.
struct receipt_to_accept {
  std::shared_ptr<client_session> session;
  std::string compact;
};

/// Why there is no result, for people.
struct session_fault {
  std::string why;
};

class session_batch {
 public:
  session_batch(const crypto::node_keys& node, crypto::provider p);

  /// As client_session::seal; one result for each, in their order.
  std::vector<std::variant<std::string, session_fault>>
  seal(std::span<const body_to_seal> bodies);

  /// As client_session::accept.
  std::vector<std::variant<crypto::receipt, session_fault>>
  accept(std::span<const receipt_to_accept> receipts);

 private:
  crypto::public_key node_;
  std::unique_ptr<crypto::batch_signer> signer_;
  crypto::record_hasher hasher_;
  crypto::jwe_sealer sealer_;
  crypto::jws_batch signatures_;
};

} // namespace chancery::actors
