// SPDX-License-Identifier: Apache-2.0
#pragma once

// One data folder: its layout, and functions that open its parts, with errors
// that say what to do.
//
//   records/           the database (storage/record_store.hpp)
//   keyring.jwe        private keys, encrypted; keyring.pub.json beside it
//   passphrase         only when a random one was generated; the ledger's too
//   lock               held by the process that changes this folder
//                      (storage/lock_file.hpp)
//   keyring.lock       held while the keyring file is changed or read anew
//   status.json        progress of the running `sign` or `serve`; a crash
//                      leaves it behind
//   init-unfinished    exists while init works; an interrupted one leaves it
//
// A command that changes anything takes the lock first and holds it until it
// ends. Only keys may be added or retired beside a service, which reads them at
// its next epoch. The ledger's files may lie beside these (ledger_folder.hpp);
// all keys of a folder have one passphrase.

#include "apps/folders/data_paths.hpp"
#include "apps/folders/keyring_opening.hpp"
#include "apps/folders/passphrase.hpp"
#include "apps/terminal/command_context.hpp"
#include "crypto/keyring/keyring_file.hpp"
#include "storage/lock_file.hpp"
#include "storage/record_store.hpp"

#include <filesystem>
#include <optional>

namespace chancery::apps {

/// The right to change the keyring file.
struct keyring_claim {
  std::optional<storage::lock_file> folder; ///< none beside a service
  storage::lock_file keyring;
  /// The process of the service that runs.
  std::optional<pid_t> service{};

  /// Says how the service begins to use what was changed.
  void note_service() const;
};

class data_folder : public data_paths {
 public:
  enum class access { read, write };

  using data_paths::data_paths;

  /// The folder that the command line names; throws when it is missing, is not
  /// a data folder, or its init was interrupted.
  static data_folder existing(const command_context& context);

  /// Throws storage::locked, which names the owner's process id, and what to do
  /// instead when that is a service.
  storage::lock_file lock() const;

  /// Throws as lock() does, but not beside a service.
  keyring_claim claim_keyring() const;

  /// Waits for up to 5 s. Throws storage::locked.
  storage::lock_file lock_keyring_file() const;

  storage::record_store open_store(access a,
                                   std::optional<std::uint64_t> map_size) const;

  crypto::public_keyring public_keys() const;

  /// Finds the passphrase, opens the keyring and prints its warnings. The
  /// caller holds the lock when `repair` is set.
  opened_keyring open_keyring(const command_context& context,
                              bool repair) const;

  /// Whether that process is a service on this folder.
  bool is_service(pid_t process) const;
};

/// The choices of init.
struct new_data_folder {
  std::uint64_t keys = 100;
  crypto::curve curve = crypto::curve::p256;
  crypto::keyring_purpose purpose = crypto::keyring_purpose::raw;
  std::optional<passphrase> secret; ///< none: a random one is stored
  std::optional<std::uint64_t> map_size;
};

struct made_data_folder {
  crypto::keyring keys;
  bool passphrase_stored = false; ///< in passphrase_path()
};

/// Creates everything in `folder`, which is missing, empty, left by an
/// interrupted init, or holds only a ledger; nothing when it fails. Throws
/// std::runtime_error when the folder holds anything else, also when it has the
/// mark of an interrupted init but was used, or when the passphrase is not the
/// ledger's.
made_data_folder make_data_folder(const data_folder& folder,
                                  const new_data_folder& options);

} // namespace chancery::apps
