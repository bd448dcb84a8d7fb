// SPDX-License-Identifier: Apache-2.0
#pragma once

// JSON Web Signatures in compact serialization (RFC 7515 section 7.1), with
// ES256 and nothing else:
//
//   header "." payload "." signature     each base64url without padding
//
//   header     {"alg":"ES256","kid":"<thumbprint>","typ":"<type>"}
//              exactly these members, in any order, and "jwk" where the key is
//              included (jwk.hpp); at most 1,024 bytes
//   signature  raw r||s, 64 bytes (RFC 7518 3.4), over "header.payload"
//
// `typ` is checked, so that one kind of signed object cannot pose as another.
// `none`, `crit` and every other algorithm or member are refused. Signing has
// two steps, so that one sign_batch call can sign many texts. Pure functions;
// any thread may call them.

#include "crypto/keys/key.hpp"
#include "crypto/providers/provider.hpp"

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

namespace chancery::crypto {

/// Its text quotes nothing of the JWS.
class invalid_jws : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Whether the header names the key only or also includes it, as `jwk`.
enum class jws_key { named, included };

/// A parsed JWS; its signature is not yet verified.
struct jws {
  std::string kid;
  std::optional<public_key> jwk; ///< when it is included
  std::string payload;           ///< decoded
  std::string signing_input;     ///< "header.payload", the signed text
  std::array<std::byte, 64> signature{};
};

/// Throws invalid_jws unless `compact` is a JWS of type `typ`, with a `jwk` (a
/// public key on P-256) exactly when `key` is `included`.
jws parse_jws(std::string_view compact, std::string_view typ, jws_key key);

/// What the signature signs: the SHA-256 of the signing input.
std::array<std::uint8_t, 32> jws_digest(const jws& parts);

/// Whether the signature is that of `key` over the signing input.
[[nodiscard]] bool verify_jws(signature_verifier& verifier, const jws& parts,
                              const public_key& key);

/// "header.payload"; sign the SHA-256 of its ASCII bytes. The header includes
/// `jwk` unless it is null.
std::string jws_signing_input(std::string_view typ, const key_id& kid,
                              std::string_view payload,
                              const public_key* jwk = nullptr);

/// Appends the signature, 64 bytes of raw r||s, to a signing input. Throws
/// std::invalid_argument for another size.
std::string compact_jws(std::string signing_input,
                        std::span<const std::byte> signature);

/// Signs a signing input under `key`, and appends the signature.
std::string sign_jws_input(batch_signer& signer, const private_key& key,
                           std::string signing_input);

/// All steps for a single text: signs under `key`, whose thumbprint is `kid`.
std::string sign_jws(batch_signer& signer, const private_key& key,
                     std::string_view typ, std::string_view payload,
                     bool with_jwk = false);

/// The payload part of a compact JWS, still encoded. base64url without padding
/// encodes each payload in one way, so payloads are equal exactly when their
/// parts are. Empty unless the text has two dots.
std::string_view payload_part(std::string_view compact) noexcept;

} // namespace chancery::crypto
