// SPDX-License-Identifier: Apache-2.0
#pragma once

// The part of verifying a chain that looks at messages: each one's signature,
// receipt and row of sequences, by chunks on several threads. What only the
// order of all messages tells, they leave behind for whoever goes through them
// in stored order.

#include "actors/audit/block_check.hpp"
#include "actors/ledger/chain.hpp"
#include "crypto/keys/key_id_hash.hpp"
#include "crypto/ledger/message.hpp"

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>

namespace chancery::actors {

/// What is known of a message once it was looked at by itself.
struct message_facts {
  crypto::key_id client{};
  /// Nothing when the message cannot be read, or has a fault of its own.
  std::optional<std::uint64_t> sequence;
  /// Of the receipt, likewise.
  std::optional<std::uint64_t> time_ms;
};

/// One thread's means of checking messages [first, last). `done` counts them.
class message_checker {
 public:
  message_checker(const storage::ledger_store& store,
                  const chain_extent& extent, const crypto::public_key& node,
                  crypto::provider verifying, std::atomic<std::uint64_t>& done);

  /// What is found of messages goes to `out`, in which that with the index
  /// `begin` comes first.
  void write_to(std::span<message_facts> out, std::uint64_t begin) noexcept {
    out_ = out;
    begin_ = begin;
  }

  void operator()(std::uint64_t first, std::uint64_t last);

  const chain_findings& findings() const noexcept { return findings_; }

 private:
  using row = std::optional<std::span<const std::byte>>;

  message_facts check(std::uint64_t index);
  /// These say what is wrong, or nothing.
  std::string message_fault(const row& message,
                            std::optional<crypto::message>& content);
  std::string sequence_fault(const crypto::message& content,
                             std::uint64_t index) const;
  std::string receipt_fault(std::uint64_t index, const row& message,
                            const std::optional<crypto::message>& content,
                            std::optional<crypto::receipt>& receipt);
  std::string time_fault(const crypto::receipt& receipt);

  /// Nothing when there is no sound key under this id.
  const std::optional<crypto::public_key>& client(const crypto::key_id& id);
  const std::optional<sealed_block>& block(std::uint64_t index);

  storage::ledger_snapshot view_;
  chain_extent extent_;
  crypto::public_key node_;
  std::string node_text_;
  std::unique_ptr<crypto::signature_verifier> verifier_;
  std::unordered_map<crypto::key_id, std::optional<crypto::public_key>,
                     crypto::key_id_hash>
      clients_;
  /// The block that was asked for last, which is nearly always the one asked
  /// for next.
  std::optional<std::uint64_t> block_index_;
  std::optional<sealed_block> block_;
  std::atomic<std::uint64_t>& done_;
  std::span<message_facts> out_;
  std::uint64_t begin_ = 0;
  chain_findings findings_;
};

} // namespace chancery::actors
