// SPDX-License-Identifier: Apache-2.0
#pragma once

// How users name a key: by its id or the beginning of its id. "id:" may precede
// it, so that a leading hyphen does not look like an option.

#include "crypto/keyring/keyring.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace chancery::apps {

/// The number of keys that the keyring file and the signers are designed for.
inline constexpr std::uint64_t keys_max = 100'000;

/// Throws std::runtime_error unless exactly one key matches.
const crypto::public_keyring_key& choose_key(const crypto::public_keyring& keys,
                                             std::string_view name);

/// A key, and its place in the keyring, which begins at 1.
struct placed_key {
  std::size_t number = 0;
  const crypto::public_keyring_key* key = nullptr;
};

/// The named keys in the keyring's order, each one once; or with `all` every
/// active key. Throws usage_error unless there is exactly one of both, and
/// std::runtime_error as choose_key does, for a retired key, and when no key is
/// active. Points into `keys`.
std::vector<placed_key> choose_active_keys(const crypto::public_keyring& keys,
                                           std::span<const std::string> names,
                                           bool all);

std::string_view to_text(crypto::key_state state) noexcept;

/// The number of active keys.
std::uint64_t active_keys(const crypto::keyring& keys);

} // namespace chancery::apps
