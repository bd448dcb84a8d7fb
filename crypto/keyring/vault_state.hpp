// SPDX-License-Identifier: Apache-2.0
#pragma once

// The state that a vault's sessions share, for vault.cpp and vault_session.cpp.
// Everything except the atomics is constant after construction.

#include "crypto/keyring/vault.hpp"
#include "crypto/keys/key_id_hash.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <unordered_map>
#include <utility>

namespace chancery::crypto {

/// An active key and the two values that all sessions share.
struct vault_slot {
  explicit vault_slot(const private_key& k) : key(k) {}

  const private_key key;
  std::atomic<std::uint64_t> fence_seen{0};
  /// The session whose sign_batch call is using the key; null if none.
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

/// A nonce is the time of the request in milliseconds, shifted, with a counter
/// in the low bits that distinguishes requests within one millisecond. So the
/// vault needs no list of its requests.
inline constexpr unsigned nonce_counter_bits = 20;

inline std::chrono::milliseconds moment_of_asking(std::uint64_t nonce) {
  return std::chrono::milliseconds(nonce >> nonce_counter_bits);
}

} // namespace chancery::crypto
