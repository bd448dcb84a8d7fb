// SPDX-License-Identifier: Apache-2.0
#pragma once

// The elliptic curves that chancery signs on, and the sizes that follow from
// them. Both are on the SOG-IS and ETSI TS 119 312 lists. Pure functions; any
// thread may call them.

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace chancery::crypto {

/// The numbers are stored in files: never change their meaning.
enum class curve : std::uint8_t {
  p256 = 1, ///< NIST P-256 with SHA-256, JWS algorithm ES256
  p384 = 2, ///< NIST P-384 with SHA-384, JWS algorithm ES384
};

/// Bytes of one coordinate or scalar, and of the digest that is signed:
/// 32 or 48.
std::size_t field_size(curve c) noexcept;

/// Bytes of a raw signature r||s: 64 or 96.
std::size_t signature_size(curve c) noexcept;

/// RFC 7518 6.2.1.1 name: "P-256" or "P-384".
std::string_view jwk_curve_name(curve c) noexcept;

/// RFC 7518 3.1 name: "ES256" or "ES384".
std::string_view jws_algorithm(curve c) noexcept;

/// Reads "p256", "P-256", "p384" or "P-384"; throws std::invalid_argument for
/// anything else.
curve curve_from_name(std::string_view name);

} // namespace chancery::crypto
