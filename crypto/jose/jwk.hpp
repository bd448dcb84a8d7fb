// SPDX-License-Identifier: Apache-2.0
#pragma once

// EC keys as JSON Web Keys (RFC 7517, RFC 7518 section 6.2). Writes only the
// members that define the key: kty, crv, x, y and d; the writer of a key set
// adds kid, alg and use. Reads these, and `use` and `key_ops`, which may forbid
// what the key is read for. All other members are ignored, as RFC 7517 section
// 4 requires, such as the `ext` of WebCrypto. Pure functions; error texts quote
// no value.

#include "crypto/jose/json_object.hpp"
#include "crypto/jose/secret_json.hpp"
#include "crypto/keys/key.hpp"

#include <nlohmann/json_fwd.hpp>

namespace chancery::crypto {

/// What a key is read for: to sign or verify, or for a key agreement under the
/// private key or with the public one.
enum class jwk_purpose { sign, verify, agree, agree_with };

/// Throws std::invalid_argument when the JWK's `use` (RFC 7517 4.2) or
/// `key_ops` (4.3) forbid the purpose, or are malformed. The public half of an
/// agreement may have an empty `key_ops`, as WebCrypto writes it: none of the
/// operations is done with that half.
void require_permitted(const nlohmann::json& jwk, jwk_purpose purpose);
void require_permitted(const secret_json& jwk, jwk_purpose purpose);
void require_permitted(const json_object& jwk, jwk_purpose purpose);

nlohmann::json to_jwk(const public_key& key);

/// Throws std::invalid_argument unless `jwk` is a public EC key on one of our
/// curves and permits the purpose. A JWK with `d` is refused, because it
/// publishes a secret.
public_key public_key_from_jwk(const nlohmann::json& jwk, jwk_purpose purpose);

secret_json to_secret_jwk(const private_key& key);

/// Throws std::invalid_argument, also when x and y do not belong to d.
private_key private_key_from_jwk(const secret_json& jwk, jwk_purpose purpose);

} // namespace chancery::crypto
