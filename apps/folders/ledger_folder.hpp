// SPDX-License-Identifier: Apache-2.0
#pragma once

// The ledger's part of a data folder: its layout, and functions that open it,
// with errors that say what to do.
//
//   ledger/             the database (storage/ledger_store.hpp)
//   node.jwe            the node's two keys, encrypted; node.pub.json beside it
//   node.lock           held by the node that runs here (storage/lock_file.hpp)
//   ledger-unfinished   exists while the first start creates the above
//
// The first start of a node creates all of it, also in a folder without `init`.
// The next start completes one that was interrupted. A ledger or keys that go
// missing later are never recreated, as that would begin another chain. The
// lock is not that of data_folder, so that `sign` and `node` can run at once; a
// command that changes their shared passphrase takes both.

#include "apps/folders/keyring_opening.hpp"
#include "apps/terminal/command_context.hpp"
#include "crypto/ledger/message.hpp"
#include "crypto/ledger/node_identity.hpp"
#include "storage/ledger_store.hpp"
#include "storage/lock_file.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string_view>
#include <vector>

namespace chancery::apps {

inline constexpr std::uint32_t default_block_size = 100;

/// What a node works on. The order of the members releases the lock last.
struct opened_ledger {
  storage::lock_file lock;
  crypto::node_identity identity;
  storage::ledger_store store;
};

class ledger_folder {
 public:
  explicit ledger_folder(std::filesystem::path root);

  /// The ledger of the folder that the command line names, for reading; throws
  /// when there is none, or its first start was interrupted.
  static ledger_folder existing(const command_context& context);

  const std::filesystem::path& root() const noexcept { return root_; }
  std::filesystem::path ledger() const { return root_ / "ledger"; }
  std::filesystem::path lock_path() const { return root_ / "node.lock"; }
  std::filesystem::path unfinished_path() const {
    return root_ / "ledger-unfinished";
  }
  crypto::keyring_path keyring_path() const { return {root_, "node"}; }

  bool has_keys() const;
  /// Whether the first start is complete.
  bool complete() const;
  /// The names that a node and its cluster authority use in the folder; empty
  /// before the node's first start.
  std::vector<std::string_view> names() const;

  /// Throws storage::locked, which names the owner's process id.
  storage::lock_file lock() const;

  /// Takes the lock and runs or completes a first start. Without a
  /// `block_size`, the chain keeps its own, and a new one gets
  /// default_block_size. Throws when the chain has another block size, or
  /// belongs to another node than the keys.
  opened_ledger open_for_node(const command_context& context,
                              std::optional<std::uint32_t> block_size) const;

  /// Opens only the node's keys, without the lock, so that a node may run
  /// meanwhile. The ledger must be complete().
  crypto::node_identity open_identity(const command_context& context) const;

  /// These two need neither lock nor passphrase.
  storage::ledger_store
  open_to_read(std::optional<std::uint64_t> map_size) const;
  crypto::node_keys public_keys(const storage::ledger_store& store) const;

  /// Throws unless the chain belongs to this node and has this block size.
  void check_chain(const storage::ledger_info& info, const crypto::key_id& node,
                   std::optional<std::uint32_t> block_size) const;

 private:
  opened_keyring open_keys(const command_context& context, bool repair) const;
  crypto::node_identity make_keys(const command_context& context) const;
  crypto::node_identity
  finish_first_start(const command_context& context,
                     const storage::ledger_options& options,
                     std::optional<std::uint32_t> block_size) const;

  std::filesystem::path root_;
};

} // namespace chancery::apps
