// SPDX-License-Identifier: Apache-2.0
#pragma once

// Assigns indexes, receipts and blocks to accepted messages. It keeps the state
// of the chain's end: the next index, the leaves of messages in no block yet,
// the last block, the last time. One sign_batch call signs all receipts and
// blocks of a group of messages. It uses neither CAF nor a transaction: the
// caller stores the results. Not thread-safe.

#include "crypto/base/hash.hpp"
#include "crypto/keys/key.hpp"
#include "crypto/ledger/block.hpp"
#include "crypto/ledger/merkle.hpp"
#include "crypto/ledger/message.hpp"
#include "crypto/providers/provider.hpp"
#include "storage/ledger_store.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace chancery::actors {

class chain_builder {
 public:
  /// Reads the end of this snapshot's chain. `identity` is the node's signing
  /// key. Throws storage::corrupt when blocks and messages do not match.
  chain_builder(const crypto::private_key& identity, std::uint32_t block_size,
                const storage::ledger_snapshot& view, crypto::provider signing);

  /// Appends the next message, with its merkle_leaf, which may complete a
  /// block. Its time is `now_ms` or the last time, whichever is later.
  void add(const crypto::key_id& client, std::uint64_t sequence,
           const crypto::merkle_hash& leaf, std::uint64_t now_ms);

  struct made_block {
    crypto::block_header_bytes header{};
    crypto::hash_bytes hash{};
    std::array<std::byte, 64> signature{};
    std::size_t after = 0; ///< place in `receipts` of its last message
  };

  struct made_group {
    std::vector<std::string> receipts; ///< compact JWS, one for each message
    std::vector<made_block> blocks;
  };

  /// Signs everything added since the last call.
  made_group sign();

 private:
  void seal();

  crypto::private_key identity_;
  std::uint32_t block_size_;
  std::uint64_t next_index_ = 0;
  std::uint64_t last_time_ms_ = 0;
  std::optional<crypto::block_ref> last_block_;
  std::vector<crypto::merkle_hash> leaves_; ///< of messages in no block yet
  std::vector<std::string> drafts_;         ///< receipts' signing inputs
  std::vector<made_block> blocks_;
  std::unique_ptr<crypto::batch_signer> signer_;
  crypto::record_hasher hasher_;
};

} // namespace chancery::actors
