// SPDX-License-Identifier: Apache-2.0
#pragma once

// EC keys as JSON Web Keys (RFC 7517, RFC 7518 section 6.2). Reads and writes
// only the members that define the key: kty, crv, x, y and d. The writer of a
// key set adds kid, alg and use. Unknown members are ignored, as RFC 7517
// section 4 requires. Pure functions; error texts quote no value.

#include "crypto/jose/secret_json.hpp"
#include "crypto/keys/key.hpp"

#include <nlohmann/json_fwd.hpp>

namespace chancery::crypto {

nlohmann::json to_jwk(const public_key& key);

/// Throws std::invalid_argument unless `jwk` is a public EC key on one of our
/// curves. A JWK with `d` is refused, because it publishes a secret.
public_key public_key_from_jwk(const nlohmann::json& jwk);

secret_json to_secret_jwk(const private_key& key);

/// Throws std::invalid_argument, also when x and y do not belong to d.
private_key private_key_from_jwk(const secret_json& jwk);

} // namespace chancery::crypto
