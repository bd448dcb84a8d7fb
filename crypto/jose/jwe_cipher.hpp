// SPDX-License-Identifier: Apache-2.0
#pragma once

// The content encryption of a JWE in the format of jwe.hpp: AES-256-GCM (RFC
// 7518 5.3) by libcrypto, under the key that the Concat KDF makes of a shared
// secret. For .cpp files of this folder and tests.

#include "crypto/jose/jwe_parts.hpp"
#include "crypto/keys/openssl_keys.hpp"

#include <cstddef>
#include <optional>
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

/// libcrypto counts bytes in an int.
inline constexpr std::size_t jwe_text_size_max = std::size_t{1} << 30;

/// Belongs to one thread at a time.
class jwe_cipher {
 public:
  /// Throws std::runtime_error when libcrypto fails.
  jwe_cipher();

  /// Nothing when the tag is wrong.
  std::optional<std::string> decrypt(std::span<const std::byte> shared,
                                     jwe_parts& parts);

  /// Fills ciphertext and tag; header and iv are set. Throws std::runtime_error
  /// when libcrypto fails.
  void encrypt(std::span<const std::byte> shared, std::string_view plaintext,
               jwe_parts& parts);

  /// Wipes the last key's schedule. Another key may follow.
  void forget_key();

 private:
  cipher_context_ptr gcm_;
};

} // namespace chancery::crypto
