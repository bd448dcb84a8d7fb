// SPDX-License-Identifier: Apache-2.0
#pragma once

// A keyring for a worker on another host: the active record keys and the lease
// secret, bound to the data folder whose records they sign. It is a text of the
// same kind as a keyring file (password_jwe.hpp), with another content type, so
// that neither can be mistaken for the other. The plaintext is JSON:
//
//   {"chancery_bundle": 1, "chancery_folder": the id's 16 bytes in base64url,
//    "keyring": a keyring as in keyring_json.hpp, without retired keys}
//
// Pure functions; any thread.

#include "crypto/base/random.hpp"
#include "crypto/keyring/keyring.hpp"

#include <string>
#include <string_view>

namespace chancery::crypto {

/// The part of a keyring that a worker needs: its active keys and its lease
/// secret. Throws std::invalid_argument for a ledger node's keyring.
keyring worker_half(const keyring& keys);

/// The fingerprint of worker_half(keys): equal if coordinator and worker have
/// the same active keys, whatever keys are retired.
key_id worker_fingerprint(const keyring& keys);

/// Throws std::invalid_argument for an empty passphrase, a ledger node's
/// keyring, and one without an active key.
std::string seal_bundle(const keyring& keys, const random_id& folder,
                        std::string_view passphrase,
                        const random_source& random);

struct opened_bundle {
  keyring keys;
  random_id folder{};
};

/// Ignores one line end at the end. Throws wrong_passphrase, newer_format
/// (keyring_json.hpp), or std::invalid_argument that says what is wrong with
/// the text, e.g. that it is a keyring file.
opened_bundle open_bundle(std::string_view text, std::string_view passphrase);

} // namespace chancery::crypto
