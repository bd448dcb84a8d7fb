// SPDX-License-Identifier: Apache-2.0
#pragma once

// How users name a key: by its id or the beginning of its id. "id:" may precede
// it, so that a leading hyphen does not look like an option.

#include "crypto/keyring/keyring.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace chancery::apps {

/// The number of keys that the keyring file and the signers are designed for.
inline constexpr std::uint64_t keys_max = 100'000;

/// Throws std::runtime_error unless exactly one key matches.
const crypto::public_keyring_key& choose_key(const crypto::public_keyring& keys,
                                             std::string_view name);

std::string_view to_text(crypto::key_state state) noexcept;

/// The number of active keys.
std::uint64_t active_keys(const crypto::keyring& keys);

} // namespace chancery::apps
