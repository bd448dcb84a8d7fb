// SPDX-License-Identifier: Apache-2.0
#pragma once

// The ledger's messages, receipts, blocks and clients: one LMDB environment in
// one folder. It knows their order and their keys, not what they mean.
//
//   table      key                       value                   written by
//   meta       name                      see ledger_store.cpp    create
//   messages   index, u64 BE             compact JWS             ledger writer
//   receipts   index, u64 BE             compact JWS             ledger writer
//   sequences  client id (32 bytes),     index, u64 BE           ledger writer
//              sequence u64 BE
//   clients    client id (32 bytes)      public point (64 bytes) ledger writer
//   blocks     index, u64 BE             header, signature       ledger writer
//   hashes     block hash (32 bytes)     block index, u64 BE     ledger writer
//
// Message and block indexes start at 0 and have no holes. A message, its
// receipt and its sequence are written in one transaction, and so are a block
// and its last message. All tables may be read by any component.
//
// Threads: a store may be shared; each snapshot and transaction belongs to the
// thread that made it, and only one write transaction exists at a time. One
// store object per folder and process.

#include "storage/defences.hpp"
#include "storage/errors.hpp"
#include "storage/numbered_rows.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>

namespace chancery::storage {

using id_bytes = std::array<std::uint8_t, 32>;

struct ledger_info {
  id_bytes node{};              ///< id of the node that owns the chain
  std::uint32_t block_size = 0; ///< messages per block; never changes
  std::uint32_t format = 1;

  friend bool operator==(const ledger_info&, const ledger_info&) = default;
};

struct ledger_options {
  /// Bytes of address space; the file is sparse. Never changes while open.
  std::size_t map_size = std::size_t{1} << 40;
  bool read_only = false;
  /// If false, a power cut loses data: for tests and simulations.
  bool sync = true;
  /// Called before each commit; its exception fails the commit (for tests).
  std::function<void()> before_commit{};
  defences defended{};
};

class ledger_snapshot;
class ledger_transaction;

class ledger_store {
 public:
  static constexpr std::uint32_t format = 1;

  /// Creates an empty store; throws storage_error if there is one already.
  static void create(const std::filesystem::path& folder,
                     const ledger_info& info,
                     const ledger_options& options = {});

  /// Throws storage_error if the store is missing, of a newer format, or
  /// damaged.
  explicit ledger_store(const std::filesystem::path& folder,
                        const ledger_options& options = {});
  ledger_store(ledger_store&&) noexcept;
  ~ledger_store();

  /// Whether this folder holds a ledger. Throws storage_error if this process
  /// has the folder open.
  static bool exists(const std::filesystem::path& folder);

  const ledger_info& info() const noexcept;

  /// Bytes of the database that are in use, and of the file on disk.
  std::uint64_t used_bytes() const;
  std::uint64_t file_bytes() const;
  /// Bytes by which the file may still grow: on its disk and in its map.
  std::uint64_t room() const;

  /// A consistent view of the current state. Keep it short-lived while there is
  /// a writer.
  ledger_snapshot read() const;
  ledger_transaction write();

  struct state;

 private:
  std::unique_ptr<state> state_;
};

/// Spans are valid until the snapshot is renewed or ends, or its transaction
/// writes.
class ledger_snapshot {
 public:
  ledger_snapshot(ledger_snapshot&&) noexcept;
  ledger_snapshot& operator=(ledger_snapshot&&) noexcept;
  virtual ~ledger_snapshot();

  /// Moves this view to the current state; invalidates earlier spans.
  void renew();

  /// Throw wrong_row where a number is missing before the last one.
  std::uint64_t message_count() const;
  std::uint64_t block_count() const;
  /// The same for a damaged ledger: what is there, whatever the numbers.
  numbered_rows messages_there() const;
  numbered_rows blocks_there() const;
  std::uint64_t client_count() const;
  /// Rows of the sequences table; equals message_count() in a sound ledger.
  std::uint64_t sequence_count() const;
  /// Rows of the receipts and the hashes table; equal message_count() and
  /// block_count() in a sound ledger.
  std::uint64_t receipt_count() const;
  std::uint64_t hash_count() const;

  std::optional<std::span<const std::byte>> message(std::uint64_t index) const;
  std::optional<std::span<const std::byte>> receipt(std::uint64_t index) const;
  /// Header and signature, concatenated as append_block stored them.
  std::optional<std::span<const std::byte>> block(std::uint64_t index) const;
  std::optional<std::uint64_t> block_of_hash(const id_bytes& hash) const;
  std::optional<std::span<const std::byte>> client(const id_bytes& id) const;

  /// The index of the client's message with this sequence.
  std::optional<std::uint64_t> message_of(const id_bytes& client,
                                          std::uint64_t sequence) const;
  /// The client's highest sequence; nullopt if it has no message.
  std::optional<std::uint64_t> last_sequence(const id_bytes& client) const;

 protected:
  friend class ledger_store;
  struct state;
  explicit ledger_snapshot(std::unique_ptr<state> s);
  std::unique_ptr<state> state_;
};

struct new_message {
  id_bytes client{};
  std::uint64_t sequence = 0;
  std::span<const std::byte> message;
  std::span<const std::byte> receipt;
};

/// All or nothing: ending it without commit() leaves the store unchanged.
/// Begin and commit on one thread, within one handler. It sees its own writes.
class ledger_transaction : public ledger_snapshot {
 public:
  /// Returns the message's index. Throws storage_error, and stores nothing of
  /// the message, if the client has already used the sequence.
  std::uint64_t append_message(const new_message& m);

  /// Returns the block's index. Throws storage_error, and stores nothing of the
  /// block, if its hash is already stored.
  std::uint64_t append_block(const id_bytes& hash,
                             std::span<const std::byte> header,
                             std::span<const std::byte> signature);

  /// False if the client is already stored; its key then stays the same.
  bool put_client(const id_bytes& id, std::span<const std::byte> key);

  /// Durable when it returns (unless the store was opened without sync).
  /// Throws storage::full or storage_error; nothing is stored then.
  void commit();

 private:
  friend class ledger_store;
  using ledger_snapshot::ledger_snapshot;
};

} // namespace chancery::storage
