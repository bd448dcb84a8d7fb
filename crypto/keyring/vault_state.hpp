// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the sessions of a vault share, for vault.cpp and vault_session.cpp.
// Everything but the atomics is constant after the vault is made.

#include "crypto/keyring/vault.hpp"
#include "crypto/keys/key_id_hash.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <unordered_map>
#include <utility>

namespace chancery::crypto {

/// An active key and the two facts that all sessions agree on.
struct vault_slot {
  explicit vault_slot(const private_key& k) : key(k) {}

  const private_key key;
  std::atomic<std::uint64_t> fence_seen{0};
  /// The session in whose sign_batch call the key is in use; null when none.
  std::atomic<const void*> user{nullptr};
};

struct vault::state {
  state(keyring k, options o, random_source r);

  keyring keys;
  options opts;
  random_source random;
  std::unordered_map<key_id, vault_slot, key_id_hash> slots;
  std::atomic<std::uint64_t> requests{0};
};

/// A nonce is the moment of asking in milliseconds, shifted, and a counter in
/// the low bits that keeps requests of one millisecond apart. So the vault need
/// not remember what it asked for, and nothing grows.
inline constexpr unsigned nonce_counter_bits = 20;

inline std::chrono::milliseconds moment_of_asking(std::uint64_t nonce) {
  return std::chrono::milliseconds(nonce >> nonce_counter_bits);
}

} // namespace chancery::crypto
