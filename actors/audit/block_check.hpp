// SPDX-License-Identifier: Apache-2.0
#pragma once

// The part of verifying a chain that looks at blocks: the walk from the head to
// the first one, which is fast and goes on one thread, and the check of
// signatures and Merkle roots, which several threads share by chunks.

#include "actors/audit/chain_findings.hpp"
#include "crypto/keys/key.hpp"
#include "crypto/providers/provider.hpp"
#include "storage/ledger_store.hpp"

#include <atomic>
#include <cstdint>
#include <memory>

namespace chancery::actors {

/// What was there when the verification began; later blocks and messages are
/// not looked at.
struct chain_extent {
  std::uint64_t blocks = 0;
  std::uint64_t messages = 0;
  std::uint32_t block_size = 0;
};

/// Checks headers and the table of hashes, from the head to the first block.
void check_links(const storage::ledger_store& store, const chain_extent& extent,
                 const crypto::key_id& node, const std::atomic<bool>& stop,
                 chain_findings& findings);

/// One thread's means of checking blocks [first, last).
class block_checker {
 public:
  block_checker(const storage::ledger_store& store,
                const crypto::public_key& node, crypto::provider verifying);

  void operator()(std::uint64_t first, std::uint64_t last);

  const chain_findings& findings() const noexcept { return findings_; }

 private:
  void check(std::uint64_t index);

  storage::ledger_snapshot view_;
  crypto::public_key node_;
  std::unique_ptr<crypto::signature_verifier> verifier_;
  chain_findings findings_;
};

} // namespace chancery::actors
