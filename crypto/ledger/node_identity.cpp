// SPDX-License-Identifier: Apache-2.0
#include "crypto/ledger/node_identity.hpp"

#include "crypto/base/random.hpp"
#include "crypto/jose/jws.hpp"
#include "crypto/ledger/message.hpp"

#include <fmt/format.h>

#include <stdexcept>
#include <string_view>
#include <utility>

namespace chancery::crypto {

namespace {

[[noreturn]] void refuse_identity(std::string_view what) {
  throw std::runtime_error(
      fmt::format("the node's keyring {}; restore it from a backup", what));
}

/// The only active key of that use, from a keyring or a public keyring.
template <class Entry>
const Entry& only_key(const std::vector<Entry>& keys, key_purpose use) {
  const Entry* found = nullptr;
  for (const auto& entry : keys) {
    if (entry.state != key_state::active || entry.use != use)
      continue;
    if (found != nullptr)
      refuse_identity(use == key_purpose::signing ? "has two signing keys"
                                                  : "has two encryption keys");
    found = &entry;
  }
  if (found == nullptr)
    refuse_identity(use == key_purpose::signing ? "has no signing key"
                                                : "has no encryption key");
  return *found;
}

void require_p256(curve c) {
  if (c != curve::p256)
    refuse_identity("is not on P-256");
}

} // namespace

node_identity make_node_identity(const random_source& random) {
  auto signing = private_key::generate(curve::p256, random);
  return {std::move(signing), private_key::generate(curve::p256, random)};
}

keyring to_keyring(const node_identity& node, const random_source& random) {
  // A keyring without keys, for its new lease secret.
  const keyring secret(curve::p256, std::size_t{0}, random);
  return keyring(
      curve::p256,
      {{node.signing, key_state::active, key_purpose::signing},
       {node.encryption, key_state::active, key_purpose::encryption}},
      secret.lease_secret());
}

node_identity node_identity_from(const keyring& keys) {
  require_p256(keys.curve());
  return {only_key(keys.keys(), key_purpose::signing).key,
          only_key(keys.keys(), key_purpose::encryption).key};
}

node_keys public_node_keys(const public_keyring& keys,
                           std::uint32_t block_size) {
  require_p256(keys.curve);
  return {only_key(keys.keys, key_purpose::signing).key,
          only_key(keys.keys, key_purpose::encryption).key, block_size};
}

std::string sign_node_keys(const node_identity& node, std::uint32_t block_size,
                           provider signing) {
  const auto signer = make_batch_signer(signing, curve::p256, system_random());
  return sign_jws(
      *signer, node.signing, keys_type,
      to_json(node_keys{node.signing.public_half(),
                        node.encryption.public_half(), block_size}));
}

} // namespace chancery::crypto
