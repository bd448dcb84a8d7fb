// SPDX-License-Identifier: Apache-2.0
#pragma once

// How a chain's verification checks blocks: the walk from the head to the first
// block, which is fast and runs on one thread, and the check of signatures and
// Merkle roots, which several threads share in chunks.

#include "actors/audit/chain_findings.hpp"
#include "actors/ledger/chain.hpp"
#include "crypto/keys/key.hpp"
#include "crypto/providers/provider.hpp"
#include "storage/ledger_store.hpp"

#include <atomic>
#include <cstdint>
#include <memory>
#include <vector>

namespace chancery::actors {

/// The chain's size when the verification began; later blocks and messages are
/// not checked.
struct chain_extent {
  std::uint64_t blocks = 0;
  std::uint64_t messages = 0;
  std::uint32_t block_size = 0;
};

/// Checks headers and the table of hashes, from the head to the first block.
void check_links(const storage::ledger_store& store, const chain_extent& extent,
                 const crypto::key_id& node, const std::atomic<bool>& stop,
                 chain_findings& findings);

/// Checks blocks [first, last), their signatures in one call; each thread has
/// its own.
class block_checker {
 public:
  block_checker(const storage::ledger_store& store,
                const crypto::public_key& node, crypto::provider verifying);

  void operator()(std::uint64_t first, std::uint64_t last);

  const chain_findings& findings() const noexcept { return findings_; }

 private:
  struct entry {
    std::uint64_t index;
    sealed_block block;
  };

  void check_signatures();
  void check_root(const entry& e);

  storage::ledger_snapshot view_;
  crypto::public_key node_;
  std::unique_ptr<crypto::signature_verifier> verifier_;
  std::vector<entry> chunk_; ///< without missing blocks
  chain_findings findings_;
};

} // namespace chancery::actors
