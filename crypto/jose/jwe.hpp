// SPDX-License-Identifier: Apache-2.0
#pragma once

// JSON Web Encryption in compact serialization (RFC 7516 section 7.1), with
// ECDH-ES on P-256 in direct key agreement (RFC 7518 4.6) and A256GCM (5.3),
// and nothing else:
//
//   header "." "" "." iv "." ciphertext "." tag     each base64url, no padding
//
//   header   {"alg":"ECDH-ES","enc":"A256GCM","epk":{P-256 JWK},
//             "kid":"<thumbprint of the recipient's key>","cty":"<what is in>"}
//            exactly these members in any order; `apu` and `apv` may be there
//            and go into the key derivation; `zip`, `crit` and all else are
//            refused; at most 1,024 bytes
//   iv, tag  12 and 16 bytes; the header is authenticated as it stands
//
// ECDH and AES-GCM are libcrypto's, the fast path; the point of `epk` is
// checked to lie on the curve. Shared secret and content key are wiped.

#include "crypto/keys/key.hpp"

#include <array>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace chancery::crypto {

/// The Concat KDF of RFC 7518 4.6.2 with SHA-256, for keys of up to 32 bytes:
/// one round. `algorithm` is the `enc` value ("A256GCM"; "A128GCM" in the
/// RFC's own example). Writes key.size() bytes.
void concat_kdf(std::span<const std::byte> shared_secret,
                std::string_view algorithm, std::string_view apu,
                std::string_view apv, std::span<std::byte> key);

/// Opens what was encrypted to one key. Belongs to one thread at a time; holds
/// contexts that are costly to make.
class jwe_opener {
 public:
  /// `key` is on P-256.
  explicit jwe_opener(const private_key& key);
  jwe_opener(jwe_opener&&) noexcept;
  jwe_opener& operator=(jwe_opener&&) noexcept;
  ~jwe_opener();

  /// The plaintext. Throws invalid_jwe (jwe_parts.hpp) for anything that is no
  /// such JWE, names another key, another content type, or was changed.
  std::string open(std::string_view compact, std::string_view cty);

 private:
  struct context;
  std::unique_ptr<context> context_;
};

/// Encrypts to `recipient` under a fresh ephemeral key of libcrypto's own
/// generator. Any thread. Throws std::runtime_error when libcrypto fails.
std::string seal_jwe(std::string_view plaintext, const public_key& recipient,
                     std::string_view cty);

} // namespace chancery::crypto
