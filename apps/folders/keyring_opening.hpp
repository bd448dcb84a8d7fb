// SPDX-License-Identifier: Apache-2.0
#pragma once

// From a keyring file and the places where its passphrase may be to opened
// keys, with errors that say what to do; and the passphrase that a new keyring
// file gets. Call these on the main thread, as a person may be asked.

#include "apps/folders/passphrase.hpp"
#include "crypto/keyring/keyring_file.hpp"

#include <filesystem>

namespace chancery::apps {

struct opened_keyring {
  crypto::keyring keys;
  passphrase used;
};

/// `file` is what --passphrase-file says, `stored` the folder's own file.
passphrase_sources sources_for(const crypto::keyring_path& path,
                               const std::filesystem::path& file,
                               const std::filesystem::path& stored);

/// Throws std::runtime_error when no source has one.
passphrase require_passphrase(const passphrase_sources& sources);

/// Throws when the file is missing, before anybody is asked for a passphrase.
void require_private_file(const crypto::keyring_path& path);

/// Opens the file under this passphrase and prints the warnings. Throws
/// crypto::wrong_passphrase, which then names the passphrase's source. The
/// caller holds the folder's lock when `repair` is set.
crypto::keyring open_under(const crypto::keyring_path& path,
                           const passphrase& secret, bool repair);

/// All of it: finds the passphrase as sources_for says, and opens the file
/// under it.
opened_keyring open_keyring_at(const crypto::keyring_path& path,
                               const std::filesystem::path& file,
                               const std::filesystem::path& stored,
                               bool repair = false);

/// What is given or stored; else a random one that is stored in
/// `sources.stored`, mode 0600. Asks nobody.
passphrase passphrase_for_new_keys(const passphrase_sources& sources,
                                   const crypto::random_source& random);

} // namespace chancery::apps
