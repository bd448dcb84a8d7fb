// SPDX-License-Identifier: Apache-2.0
#pragma once

// Shared by the tests of the ledger: made-up clients, messages and blocks that
// differ by number.

#include "storage/ledger_store.hpp"
#include "tests/storage/fixtures.hpp"

namespace chancery::tests {

/// A different id for every number; ids are not in the order of numbers.
inline storage::id_bytes id_of(std::uint64_t number) {
  storage::id_bytes id{};
  std::uint64_t mixed = number * 0x9e3779b97f4a7c15;
  for (auto& byte : id) {
    mixed ^= mixed >> 29;
    mixed *= 0xbf58476d1ce4e5b9;
    byte = static_cast<std::uint8_t>(mixed >> 56);
  }
  return id;
}

inline std::string message_text(std::uint64_t index) {
  return "message " + std::to_string(index) + std::string(300, '.');
}

inline std::string receipt_text(std::uint64_t index) {
  return "receipt " + std::to_string(index) + std::string(200, '.');
}

inline bytes point_of(std::uint64_t client) {
  return bytes(64, static_cast<std::byte>(client));
}

inline bytes header_of(std::uint64_t block) {
  return bytes(144, static_cast<std::byte>(block));
}

inline bytes signature_of_block(std::uint64_t block) {
  return bytes(64, static_cast<std::byte>(block + 1));
}

inline storage::ledger_info ledger_of_tests() {
  storage::ledger_info info;
  info.node.fill(9);
  info.block_size = 10;
  return info;
}

inline storage::ledger_options ledger_options_of_tests() {
  storage::ledger_options options;
  options.sync = false;
  return options;
}

inline storage::ledger_options reading_ledger() {
  auto options = ledger_options_of_tests();
  options.read_only = true;
  return options;
}

inline storage::ledger_store
new_ledger(const std::filesystem::path& folder,
           const storage::ledger_options& options = ledger_options_of_tests()) {
  storage::ledger_store::create(folder, ledger_of_tests(), options);
  return storage::ledger_store(folder, options);
}

/// Appends the next message, sent by client number `client`.
inline std::uint64_t append(storage::ledger_transaction& txn,
                            std::uint64_t client, std::uint64_t sequence) {
  const auto message = message_text(txn.message_count());
  const auto receipt = receipt_text(txn.message_count());
  return txn.append_message(
      {id_of(client), sequence, as_bytes(message), as_bytes(receipt)});
}

inline std::uint64_t append_block(storage::ledger_transaction& txn) {
  const auto block = txn.block_count();
  return txn.append_block(id_of(1000 + block), header_of(block),
                          signature_of_block(block));
}

/// Adds messages of three clients in turn, and a block after every tenth
/// message, in one commit.
inline void add_messages(storage::ledger_store& store, std::uint64_t count) {
  auto txn = store.write();
  for (std::uint64_t i = 0; i < count; ++i) {
    const auto index = txn.message_count();
    append(txn, index % 3, 1 + index);
    if (txn.message_count() % store.info().block_size == 0)
      append_block(txn);
  }
  txn.commit();
}

/// Whether the ledger holds exactly what complete calls of add_messages wrote.
inline bool whole(const storage::ledger_snapshot& view) {
  const auto messages = view.message_count();
  bool sound =
      view.receipt_count() == messages && view.sequence_count() == messages &&
      view.block_count() == messages / 10 && view.hash_count() == messages / 10;
  for (std::uint64_t i = 0; sound && i < messages; ++i)
    sound = same(view.message(i).value(), as_bytes(message_text(i))) &&
            same(view.receipt(i).value(), as_bytes(receipt_text(i))) &&
            view.message_of(id_of(i % 3), 1 + i) == i;
  for (std::uint64_t i = 0; sound && i < messages / 10; ++i)
    sound = view.block_of_hash(id_of(1000 + i)) == i &&
            same(view.block(i).value().first(144), header_of(i)) &&
            same(view.block(i).value().subspan(144), signature_of_block(i));
  return sound && !view.message(messages) && !view.receipt(messages) &&
         !view.block(messages / 10);
}

} // namespace chancery::tests
