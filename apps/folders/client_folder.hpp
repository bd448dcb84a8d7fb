// SPDX-License-Identifier: Apache-2.0
#pragma once

// The folder of an offline client of the ledger: its key, the node that it
// trusts, and what it must not forget.
//
//   client.jwe       the identity key, encrypted; client.pub.json beside it
//   passphrase       only when init made a random one
//   client.json      the node's keys, the last sequence number, the message
//                    without a receipt, the highest block seen; replaced whole
//   receipts.jsonl   {"seq","index","message":<JWS>,"receipt":<JWS>} a line:
//                    what proves later that the node took the message
//   lock             held for moments by whoever changes the above
//
// client.json is written last at init and at each receipt, so that whatever
// was cut off can be done again.

#include "actors/ledger/client_session.hpp"
#include "apps/folders/keyring_opening.hpp"
#include "apps/folders/pinned_node.hpp"
#include "storage/lock_file.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace chancery::apps {

struct client_state {
  std::string node_keys; ///< the pinned node's keys JWS
  actors::client_memory memory;
};

/// As client.json holds it; reading throws std::invalid_argument.
std::string to_json_text(const client_state& state);
client_state client_state_from_json(std::string_view text);

class client_folder {
 public:
  explicit client_folder(std::filesystem::path root);

  /// Throws when it is missing, or no client's folder.
  static client_folder existing(const std::filesystem::path& root);

  /// Makes the key and pins the node, in a folder that is missing, empty, or
  /// what an init that was cut off left. Whether the passphrase is a random
  /// one that is stored.
  bool make(const std::filesystem::path& passphrase_file,
            const signed_node_keys& node) const;

  const std::filesystem::path& root() const noexcept { return root_; }
  std::filesystem::path state_path() const { return root_ / "client.json"; }
  std::filesystem::path receipts_path() const {
    return root_ / "receipts.jsonl";
  }
  std::filesystem::path passphrase_path() const { return root_ / "passphrase"; }
  crypto::keyring_path keyring_path() const { return {root_, "client"}; }

  /// Waits, as everybody holds it for moments only; throws storage::locked
  /// after a minute.
  storage::lock_file lock() const;

  crypto::key_id id() const;
  crypto::private_key
  open_identity(const std::filesystem::path& passphrase_file) const;

  client_state load() const;
  void save(const client_state& state) const;

  /// Adds a line, on disk when it returns; once more for the same receipt as
  /// in the last line is the same as once. The caller holds the lock.
  void keep_receipt(std::string_view message, std::string_view compact,
                    const crypto::receipt& receipt) const;
  bool has_receipt(std::string_view compact) const;
  std::uint64_t receipt_count() const;

 private:
  std::filesystem::path root_;
};

} // namespace chancery::apps
