// SPDX-License-Identifier: Apache-2.0
#pragma once

// The folder of an offline client of the ledger: its key, the node that it
// trusts, and the state that it must not lose.
//
//   client.jwe       the identity key, encrypted; client.pub.json beside it
//   passphrase       only when init generated a random one
//   client.json      the node's keys, the last sequence number, the message
//                    without a receipt, the highest block seen; replaced whole
//   receipts.jsonl   {"seq","index","message":<JWS>,"receipt":<JWS>} per line:
//                    the proof that the node accepted the message
//   lock             held briefly by a process that changes the above
//
// client.json is written last at init and at each receipt, so that an
// interrupted step can be repeated.

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

/// The text of client.json. Parsing throws std::invalid_argument.
std::string to_json_text(const client_state& state);
client_state client_state_from_json(std::string_view text);

class client_folder {
 public:
  explicit client_folder(std::filesystem::path root);

  /// Throws std::runtime_error when `root` holds no client.
  static client_folder existing(const std::filesystem::path& root);

  /// Creates the key and pins the node, in a folder that is missing, empty or
  /// left by an interrupted init. Returns whether a random passphrase was
  /// generated and stored.
  bool make(const std::filesystem::path& passphrase_file,
            const signed_node_keys& node) const;

  const std::filesystem::path& root() const noexcept { return root_; }
  std::filesystem::path state_path() const { return root_ / "client.json"; }
  std::filesystem::path receipts_path() const {
    return root_ / "receipts.jsonl";
  }
  std::filesystem::path passphrase_path() const { return root_ / "passphrase"; }
  crypto::keyring_path keyring_path() const { return {root_, "client"}; }

  /// Waits for the lock, which is only held briefly. Throws storage::locked
  /// after 60 s.
  storage::lock_file lock() const;

  crypto::key_id id() const;
  crypto::private_key
  open_identity(const std::filesystem::path& passphrase_file) const;

  client_state load() const;
  void save(const client_state& state) const;

  /// Appends a line durably. Idempotent: does nothing when the last line has
  /// the same receipt. The caller holds the lock.
  void keep_receipt(std::string_view message, std::string_view compact,
                    const crypto::receipt& receipt) const;
  bool has_receipt(std::string_view compact) const;
  std::uint64_t receipt_count() const;

 private:
  std::filesystem::path root_;
};

} // namespace chancery::apps
