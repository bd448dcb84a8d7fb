// SPDX-License-Identifier: Apache-2.0
#pragma once

// The ledger's part of a data folder: what lies where, and opening it with
// errors that say what to do.
//
//   ledger/             the database (storage/ledger_store.hpp)
//   node.jwe            the node's two keys, encrypted; node.pub.json beside it
//   node.lock           the node that runs here now (storage/lock_file.hpp)
//   ledger-unfinished   there while the first start makes the above
//
// The first start of a node makes all of it, also in a folder without `init`. A
// first start that was cut off is finished by the next one; a ledger or keys
// that went missing later are never made anew, as the chain would begin again.
// The lock is not that of data_folder, so that `sign` and `node` can run at
// once; whoever changes the passphrase that both share takes both.

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

/// What a node works on. Destroyed in the order that gives the lock back last.
struct opened_ledger {
  storage::lock_file lock;
  crypto::node_identity identity;
  storage::ledger_store store;
};

class ledger_folder {
 public:
  explicit ledger_folder(std::filesystem::path root);

  /// The ledger of the folder that the command line names, to read from; throws
  /// when there is none, or its first start was cut off.
  static ledger_folder existing(const command_context& context);

  const std::filesystem::path& root() const noexcept { return root_; }
  std::filesystem::path ledger() const { return root_ / "ledger"; }
  std::filesystem::path lock_path() const { return root_ / "node.lock"; }
  std::filesystem::path unfinished_path() const {
    return root_ / "ledger-unfinished";
  }
  crypto::keyring_path keyring_path() const { return {root_, "node"}; }

  bool has_keys() const;
  /// Whether a first start is over.
  bool complete() const;
  /// What a node, and a cluster around it, put into the folder, once the node
  /// began to; before, nothing.
  std::vector<std::string_view> names() const;

  /// Throws storage::locked, which names the owner's process id.
  storage::lock_file lock() const;

  /// Takes the lock and makes what is missing. Without a `block_size` the
  /// chain's own counts, or default_block_size for a new one. Throws when the
  /// chain has another, or belongs to another node than the keys.
  opened_ledger open_for_node(const command_context& context,
                              std::optional<std::uint32_t> block_size) const;

  /// The node's keys alone, beside a node that may run. The ledger is complete.
  crypto::node_identity open_identity(const command_context& context) const;

  /// Needs neither lock nor passphrase.
  storage::ledger_store
  open_to_read(std::optional<std::uint64_t> map_size) const;
  crypto::node_keys public_keys(const storage::ledger_store& store) const;

  /// Throws unless the chain is this node's and has blocks of this size.
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
