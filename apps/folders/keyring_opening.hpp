// SPDX-License-Identifier: Apache-2.0
#pragma once

// Finds the passphrase of a keyring file and opens it, with errors that say
// what to do; and chooses the passphrase of a new keyring file. Call these on
// the main thread, as they may prompt.

#include "apps/folders/passphrase.hpp"
#include "crypto/keyring/keyring_file.hpp"

#include <filesystem>

namespace chancery::apps {

struct opened_keyring {
  crypto::keyring keys;
  passphrase used;
};

/// `file` is the value of --passphrase-file, `stored` the folder's own file.
passphrase_sources sources_for(const crypto::keyring_path& path,
                               const std::filesystem::path& file,
                               const std::filesystem::path& stored);

/// Throws std::runtime_error when no source has a passphrase.
passphrase require_passphrase(const passphrase_sources& sources);

/// Throws std::runtime_error when the file is missing; to be called before a
/// prompt.
void require_private_file(const crypto::keyring_path& path);

/// Opens the file with this passphrase and prints the warnings. Throws
/// crypto::wrong_passphrase, which names the passphrase's source. The caller
/// holds the folder's lock when `repair` is set.
crypto::keyring open_under(const crypto::keyring_path& path,
                           const passphrase& secret, bool repair);

/// Finds the passphrase as sources_for says, and opens the file under it.
opened_keyring open_keyring_at(const crypto::keyring_path& path,
                               const std::filesystem::path& file,
                               const std::filesystem::path& stored,
                               bool repair = false);

/// The passphrase that is given or stored; otherwise a random one, which is
/// stored in `sources.stored`, mode 0600. Never prompts.
passphrase passphrase_for_new_keys(const passphrase_sources& sources,
                                   const crypto::random_source& random);

} // namespace chancery::apps
