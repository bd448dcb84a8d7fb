// SPDX-License-Identifier: Apache-2.0
#pragma once

// A keyring in memory: private keys in order, each with its purpose and state,
// and the secret of the lease tokens. Also its public half, which is enough to
// verify signatures. Values; any thread may read them.

#include "crypto/keyring/keyring_purpose.hpp"
#include "crypto/keys/key.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <stdexcept>
#include <vector>

namespace chancery::crypto {

enum class key_state : std::uint8_t { active, retired };

/// What a key is for (RFC 7517 section 4.2): ECDSA signatures, or ECDH-ES.
enum class key_purpose : std::uint8_t { signing, encryption };

/// A retired key no longer signs, but its signatures still verify.
struct keyring_key {
  private_key key;
  key_state state = key_state::active;
  key_purpose use = key_purpose::signing;
};

struct public_keyring_key {
  public_key key;
  key_state state = key_state::active;
  key_purpose use = key_purpose::signing;
};

/// Private keys in keyring order (oldest first) and the lease secret. A value:
/// changing a copy leaves the original unchanged. A moved-from keyring may only
/// be assigned to or destroyed.
class keyring {
 public:
  /// `count` new keys and a new lease secret of 32 bytes.
  keyring(crypto::curve c, std::size_t count, const random_source& random,
          keyring_purpose purpose = keyring_purpose::raw);
  keyring(crypto::curve c, std::vector<keyring_key> keys,
          std::span<const std::byte> lease_secret,
          keyring_purpose purpose = keyring_purpose::raw);

  crypto::curve curve() const noexcept;
  keyring_purpose purpose() const noexcept;
  const std::vector<keyring_key>& keys() const noexcept;
  std::span<const std::byte> lease_secret() const noexcept;

  /// Appends a key. Throws std::invalid_argument if it is on another curve or
  /// already in the keyring.
  void add(private_key key);

  /// Idempotent. Throws std::invalid_argument if there is no such key.
  void retire(const key_id& id);

 private:
  struct state;
  std::shared_ptr<const state> state_;
};

/// The active keys of a keyring for records, in keyring order. Throws
/// std::invalid_argument if it holds an encryption key: then it is a ledger
/// node's keyring, whose signing key must not sign records.
std::vector<private_key> record_keys(const keyring& keys);

/// The part that can be read without the passphrase, in keyring order.
struct public_keyring {
  crypto::curve curve;
  std::vector<public_keyring_key> keys;
  keyring_purpose purpose = keyring_purpose::raw;

  const public_keyring_key* find(const key_id& id) const noexcept;
};

public_keyring public_half(const keyring& keys);

/// Equal on hosts with the same keys for the same purpose: SHA-256 of the
/// sorted key ids, behind the text "chancery-seal" when they are for seals.
key_id fingerprint(const public_keyring& keys);

/// Thrown when the passphrase does not open a stored keyring, or the keyring
/// was modified: authenticated encryption cannot distinguish the two.
class wrong_passphrase : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

} // namespace chancery::crypto
