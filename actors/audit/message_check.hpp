// SPDX-License-Identifier: Apache-2.0
#pragma once

// How a chain's verification checks messages: each one's signature, receipt and
// row of sequences, in chunks on several threads. A chunk's messages and
// receipts are all read first, then all signatures are verified in one call;
// after that each message's faults are found in the order of the checks. For
// the checks that need all messages in stored order, the threads leave
// message_facts.

#include "actors/audit/block_check.hpp"
#include "actors/ledger/chain.hpp"
#include "crypto/jose/jws_batch.hpp"
#include "crypto/keys/key_id_hash.hpp"
#include "crypto/ledger/message.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

namespace chancery::actors {

/// What the check of one message found.
struct message_facts {
  crypto::key_id client{};
  /// Unset when the message cannot be read or the sequence table disagrees.
  std::optional<std::uint64_t> sequence;
  /// Of the receipt; unset when that has a fault.
  std::optional<std::uint64_t> time_ms;
};

/// Checks messages [first, last); each thread has its own. `done` counts them.
class message_checker {
 public:
  message_checker(const storage::ledger_store& store,
                  const chain_extent& extent, const crypto::public_key& node,
                  crypto::provider verifying, std::atomic<std::uint64_t>& done);

  /// The facts of the message with the index `begin` + i go to out[i].
  void write_to(std::span<message_facts> out, std::uint64_t begin) noexcept {
    out_ = out;
    begin_ = begin;
  }

  void operator()(std::uint64_t first, std::uint64_t last);

  const chain_findings& findings() const noexcept { return findings_; }

 private:
  using row = std::optional<std::span<const std::byte>>;

  /// Who sent a message, and with which number.
  struct sender {
    crypto::key_id client{};
    std::uint64_t sequence = 0;
  };

  /// A message of the chunk. The rows are valid as long as the chunk is.
  struct entry {
    row message;
    std::optional<sender> sent; ///< unset when the message cannot be read
    std::string message_fault;  ///< one that comes before the signature's
    std::string sequence_fault;
    std::size_t message_place = 0; ///< in signatures_, unless it has a fault
    crypto::merkle_hash leaf{};
    std::optional<crypto::receipt> receipt;
    std::string receipt_fault;
    std::size_t receipt_place = 0;
  };

  void read_message(std::uint64_t index, entry& e);
  void read_receipt(std::uint64_t index, entry& e);
  void find_sequences(std::uint64_t first);
  void hash_leaves();
  message_facts check(std::uint64_t index, const entry& e);

  /// These return what is wrong; empty when nothing is.
  std::string message_fault(const entry& e) const;
  std::string sequence_fault(const sender& sent, std::uint64_t index) const;
  std::string receipt_fault(std::uint64_t index, const entry& e);
  std::string time_fault(const crypto::receipt& receipt);

  /// Nullopt when the ledger has no valid key under this id. The reference is
  /// valid as long as the chunk is.
  const std::optional<crypto::public_key>& client(const crypto::key_id& id);
  const std::optional<sealed_block>& block(std::uint64_t index);

  storage::ledger_snapshot view_;
  chain_extent extent_;
  crypto::public_key node_;
  std::string node_text_;
  crypto::jws_batch signatures_;
  std::unordered_map<crypto::key_id, std::optional<crypto::public_key>,
                     crypto::key_id_hash>
      clients_;
  /// The block requested last, which is nearly always the next one requested.
  std::optional<std::uint64_t> block_index_;
  std::optional<sealed_block> block_;
  std::atomic<std::uint64_t>& done_;
  std::vector<entry> chunk_;
  std::span<message_facts> out_;
  std::uint64_t begin_ = 0;
  chain_findings findings_;
};

} // namespace chancery::actors
