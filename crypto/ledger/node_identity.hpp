// SPDX-License-Identifier: Apache-2.0
#pragma once

// The ledger node's two keys, both on P-256: the signing key, whose thumbprint
// is the node's identity, and the encryption key that clients encrypt to. On
// disk they are a keyring file (`node.jwe`, `node.pub.json`) with a key of use
// "sig" and one of use "enc", so that neither can be mistaken for the other or
// for a record key. Values; any thread may read them.

#include "crypto/keyring/keyring.hpp"
#include "crypto/keys/key.hpp"
#include "crypto/ledger/message.hpp"

#include <cstdint>
#include <string>

namespace chancery::crypto {

struct node_identity {
  private_key signing;
  private_key encryption;

  const key_id& id() const noexcept { return signing.id(); }
};

node_identity make_node_identity(const random_source& random);

/// For save_keyring, with a new lease secret that nothing uses.
keyring to_keyring(const node_identity& node, const random_source& random);

/// Throws std::runtime_error unless it holds exactly one active signing and one
/// active encryption key on P-256.
node_identity node_identity_from(const keyring& keys);

/// The same from the public file; the caller sets `block_size`.
node_keys public_node_keys(const public_keyring& keys,
                           std::uint32_t block_size);

/// The node's keys as a JWS signed with its identity key, for new clients.
std::string sign_node_keys(const node_identity& node, std::uint32_t block_size,
                           provider signing);

} // namespace chancery::crypto
