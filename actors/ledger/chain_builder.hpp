// SPDX-License-Identifier: Apache-2.0
#pragma once

// Gives accepted messages their indexes, receipts and blocks. It remembers
// where the chain stands: the next index, the leaves short of a block, the last
// block, the last time. Everything of one group of messages is signed in one
// sign_batch call. No CAF, no transaction: it makes what a transaction then
// stores. One thread.

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
#include <string_view>
#include <vector>

namespace chancery::actors {

class chain_builder {
 public:
  /// Reads where the chain of this snapshot stands. `identity` is the node's
  /// signing key.
  chain_builder(const crypto::private_key& identity, std::uint32_t block_size,
                const storage::ledger_snapshot& view, crypto::provider signing);

  /// The next message. Takes its place in the chain, and perhaps completes a
  /// block. `now_ms` counts when it is not before the last time.
  void add(const crypto::key_id& client, std::uint64_t sequence,
           std::string_view compact, std::uint64_t now_ms);

  struct made_block {
    crypto::block_header_bytes header{};
    crypto::hash_bytes hash{};
    std::array<std::byte, 64> signature{};
    std::size_t after = 0; ///< the receipt of the message that completed it
  };

  struct made_group {
    std::vector<std::string> receipts; ///< compact JWS, one for each message
    std::vector<made_block> blocks;
  };

  /// Signs what was added since the last call.
  made_group sign();

 private:
  void seal();

  crypto::private_key identity_;
  std::uint32_t block_size_;
  std::uint64_t next_index_ = 0;
  std::uint64_t last_time_ms_ = 0;
  std::optional<crypto::block_ref> last_block_;
  std::vector<crypto::merkle_hash> leaves_; ///< of messages short of a block
  std::vector<std::string> drafts_;         ///< receipts' signing inputs
  std::vector<made_block> blocks_;
  std::unique_ptr<crypto::batch_signer> signer_;
};

} // namespace chancery::actors
