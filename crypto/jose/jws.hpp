// SPDX-License-Identifier: Apache-2.0
#pragma once

// JSON Web Signatures in compact serialization (RFC 7515 section 7.1), with
// ES256 and nothing else:
//
//   header "." payload "." signature     each base64url without padding
//
//   header     {"alg":"ES256","kid":"<thumbprint>","typ":"<what it is>"}
//              exactly these members, in any order, and "jwk" where the key is
//              included; at most 1,024 bytes
//   signature  raw r||s, 64 bytes (RFC 7518 3.4), over "header.payload"
//
// `typ` is checked, so that one kind of signed object cannot pose as another.
// `none`, `crit` and every other algorithm or member are refused. Signing comes
// in two halves, so that many texts can be signed in one sign_batch call. Pure
// functions; any thread may call them.

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

/// The sentence quotes nothing of the text.
class invalid_jws : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Whether the header brings the key itself, as one member more.
enum class jws_key { named, included };

/// A JWS taken apart. Nothing is verified yet.
struct jws {
  std::string kid;
  std::optional<public_key> jwk; ///< when it is included
  std::string payload;           ///< decoded
  std::string signing_input;     ///< "header.payload", what the signature is
                                 ///< over
  std::array<std::byte, 64> signature{};
};

/// Throws invalid_jws unless `compact` is a JWS with header `typ`, and with a
/// `jwk` (a public key on P-256) where one is to be included and nowhere else.
jws parse_jws(std::string_view compact, std::string_view typ, jws_key key);

/// Whether the signature is that of `key` over the signing input.
[[nodiscard]] bool verify_jws(signature_verifier& verifier, const jws& parts,
                              const public_key& key);

/// "header.payload", to be signed as SHA-256 of its ASCII bytes. `jwk` is
/// written into the header when it is given.
std::string jws_signing_input(std::string_view typ, const key_id& kid,
                              std::string_view payload,
                              const public_key* jwk = nullptr);

/// Puts the 64 bytes of raw r||s behind a signing input.
std::string compact_jws(std::string signing_input,
                        std::span<const std::byte> signature);

/// Both halves for a single text: signs under `key`, whose thumbprint is `kid`.
std::string sign_jws(batch_signer& signer, const private_key& key,
                     std::string_view typ, std::string_view payload,
                     bool with_jwk = false);

/// The payload part of a compact JWS, still encoded. base64url without padding
/// has one text for each payload, so equal parts are equal payloads. Empty for
/// a text without two dots.
std::string_view payload_part(std::string_view compact) noexcept;

} // namespace chancery::crypto
