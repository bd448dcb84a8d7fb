// SPDX-License-Identifier: Apache-2.0
#pragma once

// Queries on the chain, answered from a snapshot of the ledger, for the node
// actor and the command line. A query for something that the ledger does not
// hold returns nullopt; damaged rows throw storage::corrupt. Call them on the
// snapshot's thread; no actor is needed.

#include "crypto/ledger/block.hpp"
#include "crypto/ledger/merkle.hpp"
#include "crypto/ledger/message.hpp"
#include "storage/ledger_store.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace chancery::actors {

struct sealed_block {
  crypto::block_header header;
  crypto::block_header_bytes bytes{};
  std::array<std::byte, 64> signature{};
  crypto::hash_bytes hash{};
};

struct stored_message {
  std::uint64_t index = 0;
  std::string compact;                ///< JWS as the client signed it
  std::string receipt;                ///< JWS as the node answered
  std::optional<std::uint64_t> block; ///< unset: in no block yet
};

/// Proves that a message is in a block, without the block's other messages.
struct inclusion_proof {
  std::uint64_t index = 0; ///< of the message in the ledger
  std::string compact;
  crypto::merkle_hash leaf{};
  std::uint64_t leaf_index = 0; ///< in the block
  std::vector<crypto::merkle_hash> path;
  sealed_block block;
};

/// Parses a row of the store's table of blocks; nullopt when it is not a header
/// and a signature.
std::optional<sealed_block> read_block(std::span<const std::byte> row);

std::uint64_t completed_blocks(const storage::ledger_snapshot& view);
std::optional<sealed_block> block_at(const storage::ledger_snapshot& view,
                                     std::uint64_t index);
std::optional<sealed_block> block_of(const storage::ledger_snapshot& view,
                                     const crypto::hash_bytes& hash);
std::optional<sealed_block> head_block(const storage::ledger_snapshot& view);

/// The highest time of the stored messages and blocks, in milliseconds since
/// 1970: none that follows is earlier. 0 for an empty ledger.
std::uint64_t last_time_ms(const storage::ledger_snapshot& view);

/// The block before the one with this hash; nullopt for an unknown hash and for
/// the first block's.
std::optional<sealed_block> previous_block(const storage::ledger_snapshot& view,
                                           const crypto::hash_bytes& hash);

/// `block_size` is the store's.
std::optional<stored_message> message_at(const storage::ledger_snapshot& view,
                                         std::uint64_t index,
                                         std::uint32_t block_size);

/// Nullopt when the message does not exist or no block holds it yet.
std::optional<inclusion_proof> prove(const storage::ledger_snapshot& view,
                                     std::uint64_t index,
                                     std::uint32_t block_size);

/// Checks leaf, path, header and signature under the node's key. Returns an
/// empty string when the proof holds, otherwise a sentence with the reason.
std::string check_proof(const inclusion_proof& proof,
                        const crypto::public_key& node,
                        crypto::provider verifying);

} // namespace chancery::actors
