// SPDX-License-Identifier: Apache-2.0
#pragma once

// The text inside the two keyring files: JWK Sets (RFC 7517 section 5) with
// members of our own; crypto/README.md shows both. Pure functions for
// keyring_file.cpp; nothing here touches a file.

#include "crypto/base/secret.hpp"
#include "crypto/keyring/format_number.hpp"
#include "crypto/keyring/keyring.hpp"

#include <stdexcept>
#include <string>
#include <string_view>

namespace chancery::crypto {

/// Content types in the headers of a keyring file (RFC 7517 8.5.2) and of a
/// bundle (keyring_bundle.hpp).
inline constexpr std::string_view keyring_content_type = "jwk-set+json";
inline constexpr std::string_view bundle_content_type =
    "chancery-keyring-bundle+json";

/// Raised when an older program could no longer read the file correctly. Format
/// 1 stated no purpose; its keys are raw.
inline constexpr int keyring_format = 2;

secret_string keyring_to_json(const keyring& keys);
std::string public_keyring_to_json(const public_keyring& keys);

/// Both throw newer_format or std::invalid_argument that says what is wrong.
keyring keyring_from_json(std::string_view text);
public_keyring public_keyring_from_json(std::string_view text);

} // namespace chancery::crypto
