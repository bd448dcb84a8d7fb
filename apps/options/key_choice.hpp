// SPDX-License-Identifier: Apache-2.0
#pragma once

// How a person names a key: by its id or the beginning of it, with "id:" before
// it where it begins with a hyphen and would look like an option.

#include "crypto/keyring/keyring.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace chancery::apps {

/// What the keyring file and the signers are made for.
inline constexpr std::uint64_t keys_max = 100'000;

/// Throws std::runtime_error unless exactly one key fits.
const crypto::public_keyring_key& choose_key(const crypto::public_keyring& keys,
                                             std::string_view name);

std::string_view to_text(crypto::key_state state) noexcept;

/// How many keys sign.
std::uint64_t active_keys(const crypto::keyring& keys);

} // namespace chancery::apps
