// SPDX-License-Identifier: Apache-2.0
#pragma once

// Text encrypted under a passphrase, as a compact JWE (RFC 7516 section 7.1)
// that any JOSE library opens:
//
//   header "." encrypted key "." iv "." ciphertext "." tag    each base64url
//
//   header         {"alg":"PBES2-HS512+A256KW","cty":...,"enc":"A256GCM",
//                   "p2c":iterations,"p2s":salt}
//   encrypted key  RFC 3394 wrap of a random 32-byte key, under PBKDF2 (HMAC
//                  SHA-512) of the passphrase and "alg" || 0 || salt
//                  (RFC 7518 4.8); 40 bytes
//   iv, tag        12 and 16 bytes (RFC 7518 5.3); the header is authenticated
//
// Other algorithms, other members, and an iteration count that is weak or would
// take minutes are refused before any work is done. Pure functions; error texts
// quote nothing.

#include "crypto/base/random.hpp"
#include "crypto/base/secret.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace chancery::crypto {

/// OWASP's recommendation of 2023 for PBKDF2 with HMAC-SHA-512; it takes 0.2 s
/// on our machines.
inline constexpr std::uint32_t password_iterations = 210'000;
inline constexpr std::uint32_t password_iterations_min = 1'000;
inline constexpr std::uint32_t password_iterations_max = 10'000'000;

/// Throws std::invalid_argument for an empty passphrase or an iteration count
/// outside the limits above.
std::string
seal_under_passphrase(std::string_view plaintext, std::string_view passphrase,
                      std::string_view content_type,
                      const random_source& random,
                      std::uint32_t iterations = password_iterations);

/// The content type in the header, for the error text about a wrong file;
/// std::nullopt when there is none. It is not authenticated.
std::optional<std::string> content_type_of(std::string_view jwe);

/// The text without the line end (LF or CR LF) that editors add to a file.
std::string_view without_line_end(std::string_view text);

/// std::nullopt when the passphrase does not unwrap the key; a changed salt,
/// count or wrapped key looks the same. Throws std::invalid_argument, with the
/// reason, when `jwe` is not such a JWE, has another content type, or was
/// changed elsewhere.
std::optional<secret_string>
open_under_passphrase(std::string_view jwe, std::string_view passphrase,
                      std::string_view content_type);

} // namespace chancery::crypto
