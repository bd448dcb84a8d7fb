// SPDX-License-Identifier: Apache-2.0
#pragma once

// One example of each object that the ledger signs. The client has the key of
// RFC 7515 A.3; the node signs with Alice's key of RFC 7518 and decrypts with
// Bob's.

#include "crypto/ledger/message.hpp"
#include "jose_fixture.hpp"

namespace chancery::crypto::test {

inline message some_message() {
  return {rfc7515_key().id(), 1, "2026-01-01T00:00:00Z", rfc7518_alice().id(),
          R"({"a":[1,null]})"};
}

inline registration some_registration() {
  return {rfc7515_key().id(), rfc7518_alice().id(), "2026-01-01T00:00:00Z"};
}

inline receipt some_receipt() {
  receipt r;
  r.node = rfc7518_alice().id();
  r.client = rfc7515_key().id();
  r.sequence = 3;
  r.index = 12;
  r.leaf = {7};
  r.time_ms = 1'767'225'600'250;
  r.block = block_ref{4, {9}};
  return r;
}

inline node_keys some_node_keys() {
  return {rfc7518_alice().public_half(), rfc7518_bob().public_half(), 100};
}

} // namespace chancery::crypto::test
