// SPDX-License-Identifier: Apache-2.0
#pragma once

// Reads a whole chain over HTTP as a stranger would, and verifies it against
// the node's key: the count of blocks, each block by its index, the head, the
// block before each hash, and for each receipt the proof that its message is in
// a block. Waits for the server; one thread.

#include "actors/ledger/client_load.hpp"
#include "apps/http/http_client.hpp"
#include "crypto/keys/key.hpp"

#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

namespace chancery::apps {

struct http_chain {
  std::uint64_t blocks = 0;
  std::uint64_t messages = 0;
  std::uint64_t pending = 0;
  std::uint64_t proofs = 0; ///< that hold
  std::uint64_t reads = 0;  ///< requests
  std::string fault;        ///< the first; empty: all holds
};

/// `done` counts the receipts that were looked at. Throws std::runtime_error
/// when the server does not answer.
http_chain check_over_http(const http_client_options& server,
                           const crypto::public_key& node,
                           const std::vector<actors::held_receipt>& held,
                           std::atomic<std::uint64_t>& done,
                           const std::atomic<bool>& stop);

} // namespace chancery::apps
