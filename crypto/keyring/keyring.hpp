// SPDX-License-Identifier: Apache-2.0
#pragma once

// A keyring in memory: private keys in their order, what each is for and
// whether it still signs, and the secret of the lease tokens; and its public
// half, which verifying needs.

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

/// A retired key signs no more and still verifies.
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
/// changing a copy leaves the original alone. One that was moved from may only
/// be assigned to or destroyed.
class keyring {
 public:
  /// `count` fresh keys and a fresh lease secret of 32 bytes.
  keyring(crypto::curve c, std::size_t count, const random_source& random);
  keyring(crypto::curve c, std::vector<keyring_key> keys,
          std::span<const std::byte> lease_secret);

  crypto::curve curve() const noexcept;
  const std::vector<keyring_key>& keys() const noexcept;
  std::span<const std::byte> lease_secret() const noexcept;

  /// Appends at the end. Throws std::invalid_argument for another curve or an
  /// id that is there already.
  void add(private_key key);

  /// Throws std::invalid_argument when there is no such key; retiring twice is
  /// the same as once.
  void retire(const key_id& id);

 private:
  struct state;
  std::shared_ptr<const state> state_;
};

/// The active keys of a keyring for records, in keyring order. Throws
/// std::invalid_argument when it holds an encryption key: then it is a node's,
/// and its signing key must sign no records.
std::vector<private_key> record_keys(const keyring& keys);

/// What can be known without the passphrase, in keyring order.
struct public_keyring {
  crypto::curve curve;
  std::vector<public_keyring_key> keys;

  const public_keyring_key* find(const key_id& id) const noexcept;
};

public_keyring public_half(const keyring& keys);

/// SHA-256 of the key ids, sorted: equal on hosts with the same keys.
key_id fingerprint(const public_keyring& keys);

/// Thrown when the passphrase does not open a keyring that was stored (or
/// somebody edited it: authenticated encryption cannot tell these apart).
class wrong_passphrase : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

} // namespace chancery::crypto
