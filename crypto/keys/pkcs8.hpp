// SPDX-License-Identifier: Apache-2.0
#pragma once

// A private key in DER: PKCS#8 (RFC 5208) around an ECPrivateKey (RFC 5915), as
// libcrypto reads it. The public half may be missing, attributes are ignored,
// and explicit curve parameters are those of a named curve. Pure function; any
// thread may call it.

#include "crypto/keys/key.hpp"

#include <cstddef>
#include <span>

namespace chancery::crypto {

/// Throws std::invalid_argument that says what is wrong and quotes nothing: no
/// such key, another kind or curve, a public half of another key, or bytes
/// behind the key.
private_key private_key_from_pkcs8(std::span<const std::byte> der);

} // namespace chancery::crypto
