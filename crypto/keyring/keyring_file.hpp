// SPDX-License-Identifier: Apache-2.0
#pragma once

// The keyring on disk: `NAME.jwe`, an encrypted JWK Set (RFC 7517 section 7)
// with the private keys and the lease secret, and `NAME.pub.json`, a JWK Set
// with the public halves in clear, so that verifying needs no passphrase. Both
// are replaced by rename, the private file first; opening repairs a public file
// that an interrupted change left outdated. The only part of crypto/ that
// touches files. Callers must hold the data folder's lock while they write.

#include "crypto/keyring/keyring.hpp"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace chancery::crypto {

/// Where a keyring lives: `folder/name.jwe` and `folder/name.pub.json`.
struct keyring_path {
  std::filesystem::path folder;
  std::string name = "keyring";

  std::filesystem::path private_file() const;
  std::filesystem::path public_file() const;
};

/// Writes both files (the private one mode 0600) through temporary files,
/// fsync and rename. Throws std::system_error, or std::invalid_argument for an
/// empty passphrase.
void save_keyring(const keyring_path& path, const keyring& keys,
                  std::string_view passphrase, const random_source& random);

struct opened_keyring {
  keyring keys;
  /// Sentences for the user, e.g. on permissions or a repaired public file.
  std::vector<std::string> warnings;
};

/// Throws wrong_passphrase, or std::runtime_error that says which file, what
/// is wrong with it and what to do. A public file that differs gives a warning,
/// and is rewritten if `repair` is set.
opened_keyring open_keyring(const keyring_path& path,
                            std::string_view passphrase, bool repair);

/// Reads the public file alone. Throws std::runtime_error.
public_keyring read_public_keyring(const keyring_path& path);

} // namespace chancery::crypto
