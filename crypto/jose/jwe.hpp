// SPDX-License-Identifier: Apache-2.0
#pragma once

// JSON Web Encryption in compact serialization (RFC 7516 section 7.1), with
// ECDH-ES on P-256 in direct key agreement (RFC 7518 4.6) and A256GCM (5.3),
// and nothing else:
//
//   header "." "" "." iv "." ciphertext "." tag     each base64url, no padding
//
//   header   {"alg":"ECDH-ES","enc":"A256GCM","epk":{P-256 JWK},
//             "kid":"<thumbprint of the recipient's key>","cty":"<type>"}
//            exactly these members in any order; `apu` and `apv` are optional
//            inputs of the key derivation; `zip`, `crit` and all other members
//            are refused; at most 1,024 bytes; for other members of epk, see
//            jwk.hpp
//   iv, tag  12 and 16 bytes; the tag also covers the encoded header
//
// libcrypto does AES-GCM. `epk` must be a point on the curve. Shared secret and
// content key are wiped.

#include "crypto/jose/jwe_parts.hpp"
#include "crypto/keys/key.hpp"
#include "crypto/providers/provider.hpp"

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace chancery::crypto {

/// A plaintext, or why there is none.
using jwe_opening = std::variant<std::string, invalid_jwe>;

/// Decrypts JWEs for one key. Belongs to one thread at a time; holds contexts
/// that are costly to create.
class jwe_opener {
 public:
  /// `agreeing` decides who computes ECDH; see key_agreement.hpp. Throws
  /// std::invalid_argument unless `key` is on P-256, std::runtime_error when
  /// libcrypto fails.
  jwe_opener(const private_key& key, provider agreeing);
  jwe_opener(jwe_opener&&) noexcept;
  jwe_opener& operator=(jwe_opener&&) noexcept;
  ~jwe_opener();

  /// Returns the plaintext. Throws invalid_jwe (jwe_parts.hpp) when `compact`
  /// is not such a JWE, names another key or content type, or was changed.
  std::string open(std::string_view compact, std::string_view cty);

  /// The same for many, in their order.
  std::vector<jwe_opening>
  open_batch(std::span<const std::string_view> compacts, std::string_view cty);

 private:
  struct context;
  std::unique_ptr<context> context_;
};

/// Encrypts JWEs to one recipient, each with a fresh ephemeral key and iv.
/// Belongs to one thread at a time; holds contexts and a table of the
/// recipient's key that are costly to create.
class jwe_sealer {
 public:
  /// `agreeing` decides who computes ECDH; see ephemeral_agreement.hpp. Throws
  /// std::invalid_argument unless `recipient` is on P-256, std::runtime_error
  /// when libcrypto fails.
  jwe_sealer(const public_key& recipient, provider agreeing);
  jwe_sealer(jwe_sealer&&) noexcept;
  jwe_sealer& operator=(jwe_sealer&&) noexcept;
  ~jwe_sealer();

  /// Encrypts each plaintext, in their order. Throws std::invalid_argument for
  /// one over a gigabyte, std::runtime_error when libcrypto or the random
  /// source fails.
  std::vector<std::string>
  seal_batch(std::span<const std::string_view> plaintexts,
             std::string_view cty);

 private:
  struct context;
  std::unique_ptr<context> context_;
};

/// Encrypts a single plaintext by libcrypto, whose own generator makes the
/// ephemeral key. Thread-safe. Throws as jwe_sealer does.
std::string seal_jwe(std::string_view plaintext, const public_key& recipient,
                     std::string_view cty);

} // namespace chancery::crypto
