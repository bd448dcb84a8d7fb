// SPDX-License-Identifier: Apache-2.0
#pragma once

// The key of a certificate authority in a data folder: a file in the format of
// the keyring, with one key, under the passphrase of all keys of the folder.
// Call these on the main thread, as they may prompt.

#include "apps/terminal/command_context.hpp"
#include "crypto/base/curve.hpp"
#include "crypto/keyring/keyring_file.hpp"
#include "crypto/keys/key.hpp"

namespace chancery::apps {

/// Throws std::runtime_error when the file is missing or holds something else,
/// and crypto::wrong_passphrase.
crypto::private_key open_authority_key(const command_context& context,
                                       const crypto::keyring_path& path);

/// Makes a key under the passphrase that opens `neighbours`, an existing
/// keyring of the folder.
crypto::private_key make_authority_key(const command_context& context,
                                       const crypto::keyring_path& path,
                                       const crypto::keyring_path& neighbours,
                                       crypto::curve c);

} // namespace chancery::apps
