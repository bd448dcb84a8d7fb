// SPDX-License-Identifier: Apache-2.0
#pragma once

// A ledger made by hand: three clients, blocks of four messages, everything
// signed as it should be. Then a test changes rows behind the store's back,
// with signatures of whoever it wants, and looks at who finds out.

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

/// A row of the table of blocks.
std::string sign(const crypto::block_header& header,
                 const crypto::private_key& key);

class ledger_fixture {
 public:
  /// Messages of one client after the other; every client's numbers are
  /// 10, 20, 30 ...
  explicit ledger_fixture(std::uint64_t messages = 11,
                          std::uint32_t block_size = block_size_of_tests);

  std::uint64_t messages() const noexcept { return messages_; }

  /// Appends more; with a store that is open already.
  void extend(storage::ledger_store& store, std::uint64_t messages);

  storage::ledger_store open() const;
  actors::chain_report verify(std::size_t threads = 2) const;
  actors::chain_report verify_as(const crypto::public_key& node,
                                 std::size_t threads = 2) const;

  /// What stands there, to be changed and written back.
  crypto::message message(std::uint64_t index) const;
  crypto::receipt receipt(std::uint64_t index) const;
  crypto::block_header block(std::uint64_t index) const;
  std::string row(const char* table, std::uint64_t index) const;

  /// Any table. No value takes the row away.
  void put(const char* table, std::string_view key,
           std::optional<std::string_view> value) const;
  void put(const char* table, std::uint64_t index,
           std::optional<std::string_view> value) const;
  void put_sequence(const crypto::key_id& client, std::uint64_t sequence,
                    std::optional<std::uint64_t> index) const;
  void put_hash(const crypto::hash_bytes& hash,
                std::optional<std::uint64_t> block) const;

  /// A message in another's place, with a receipt to match, so that they differ
  /// in nothing but what the test changed. Its block does not follow.
  void replace_message(std::uint64_t index, std::string_view compact) const;
  /// Likewise, signed by its client.
  void replace_message(std::uint64_t index, const crypto::message& m) const;
  void replace_receipt(std::uint64_t index, const crypto::receipt& r) const;
  /// A block in another's place, signed by the node, with its hash. The
  /// receipts that name it do not follow.
  void replace_block(std::uint64_t index, const crypto::block_header& h) const;

 private:
  std::uint64_t append(storage::ledger_transaction& txn);
  void seal(storage::ledger_transaction& txn, std::uint64_t first,
            std::uint64_t time_ms) const;

  temp_folder folder_;
  std::uint64_t messages_ = 0;
  std::uint32_t block_size_;
};

/// The names of the rules that are broken, with spaces between.
std::string broken(const actors::chain_report& report);

/// What the report says first of this rule.
std::string first_of(const actors::chain_report& report, std::string_view rule);

} // namespace chancery::tests
