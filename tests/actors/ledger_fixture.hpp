// SPDX-License-Identifier: Apache-2.0
#pragma once

// A hand-made ledger: three clients, blocks of four messages, everything signed
// correctly. A test then changes rows without the store's knowledge, signed by
// any key, and checks which rule finds the change.

#include "actors/audit/chain_verify.hpp"
#include "actors/ledger/chain.hpp"
#include "crypto/jose/jws.hpp"
#include "storage/ledger_store.hpp"
#include "tests/storage/raw_entry.hpp"
#include "tests/temp_folder.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace chancery::tests {

/// The same keys in the whole process.
const crypto::private_key& key_of_node();
const crypto::private_key& key_of_other_node();
const crypto::private_key& key_of_client(std::size_t number);

inline constexpr std::size_t clients_of_tests = 3;
inline constexpr std::uint32_t block_size_of_tests = 4;

/// Signed by `key`, which its header names unless another kid is given.
std::string sign(std::string_view typ, std::string_view json,
                 const crypto::private_key& key,
                 std::optional<crypto::key_id> kid = std::nullopt);

/// A signed row of the table of blocks.
std::string sign(const crypto::block_header& header,
                 const crypto::private_key& key);

class ledger_fixture {
 public:
  /// The clients take turns; every client's sequence numbers are
  /// 10, 20, 30 ...
  explicit ledger_fixture(std::uint64_t messages = 11,
                          std::uint32_t block_size = block_size_of_tests);

  std::uint64_t messages() const noexcept { return messages_; }

  /// Appends more messages through an open store.
  void extend(storage::ledger_store& store, std::uint64_t messages);

  storage::ledger_store open() const;
  actors::chain_report verify(std::size_t threads = 2) const;
  actors::chain_report verify_as(const crypto::public_key& node,
                                 std::size_t threads = 2) const;

  /// Stored values, to change and write back.
  crypto::message message(std::uint64_t index) const;
  crypto::receipt receipt(std::uint64_t index) const;
  crypto::block_header block(std::uint64_t index) const;
  std::string row(const char* table, std::uint64_t index) const;

  /// Writes a row of any table; no value deletes it.
  void put(const char* table, std::string_view key,
           std::optional<std::string_view> value) const;
  void put(const char* table, std::uint64_t index,
           std::optional<std::string_view> value) const;
  void put_sequence(const crypto::key_id& client, std::uint64_t sequence,
                    std::optional<std::uint64_t> index) const;
  void put_hash(const crypto::hash_bytes& hash,
                std::optional<std::uint64_t> block) const;

  /// Replaces a message and its receipt's hash, so that nothing differs but the
  /// test's change. The block is not adapted.
  void replace_message(std::uint64_t index, std::string_view compact) const;
  /// Likewise, signed by its client, whom the receipt then names.
  void replace_message(std::uint64_t index, const crypto::message& m) const;
  void replace_receipt(std::uint64_t index, const crypto::receipt& r) const;
  /// Replaces a block, signed by the node, and its hash. Receipts that name it
  /// are not adapted.
  void replace_block(std::uint64_t index, const crypto::block_header& h) const;

 private:
  std::uint64_t append(storage::ledger_transaction& txn);
  void seal(storage::ledger_transaction& txn, std::uint64_t first,
            std::uint64_t time_ms) const;

  temp_folder folder_;
  std::uint64_t messages_ = 0;
  std::uint32_t block_size_;
};

/// The names of the broken rules, separated by spaces.
std::string broken(const actors::chain_report& report);

/// The report's first violation of this rule.
std::string first_of(const actors::chain_report& report, std::string_view rule);

} // namespace chancery::tests
