// SPDX-License-Identifier: Apache-2.0
#pragma once

// Checks the whole chain, from the head to the first block, from stored data
// alone, on several threads and without actors:
//
//   blocks_linked      every header names the hash of the one before it;
//                      indexes, first messages, counts and node are right,
//                      times never decrease; hashes lead to their blocks
//   blocks_signed      every header is signed by the node
//   roots_match        every Merkle root is that of the block's messages
//   messages_signed    every message is a JWS of its client, for this node,
//                      that verifies under the key whose thumbprint is the
//                      client's id; also messages in no block yet
//   sequences_grow     each client's sequence numbers grow, in stored order;
//                      none is used twice; the sequence table agrees
//   receipts_signed    every message has a receipt of this node with its index,
//                      client, sequence, leaf and the block sealed before it;
//                      times never decrease
//
// It cannot tell a chain from another one that the same node signed; clients
// can, as they remember the highest block seen. Memory: about 80 bytes per
// client, and a thread's tables for 256 keys, 17 MB; independent of the number
// of messages.

#include "actors/audit/chain_report.hpp"
#include "crypto/keys/key.hpp"
#include "crypto/providers/provider.hpp"
#include "storage/ledger_store.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace chancery::actors {

struct chain_verify_options {
  std::size_t threads = 1; ///< 0 counts as 1
  /// Unset: the fastest one, as `auto` chooses it.
  std::optional<crypto::provider> provider{};
};

/// `node` is the key whose chain this must be. `done` counts messages, for a
/// progress line; `stop` ends it early. Throws storage_error.
chain_report verify_chain(const storage::ledger_store& store,
                          const crypto::public_key& node,
                          const chain_verify_options& options,
                          std::atomic<std::uint64_t>& done,
                          const std::atomic<bool>& stop);

} // namespace chancery::actors
