// SPDX-License-Identifier: Apache-2.0
#pragma once

// The two encodings of an ECDSA signature: raw r||s (IEEE P1363, RFC 7518 3.4),
// which chancery stores, and the DER SEQUENCE of RFC 3279 2.2.3, which OpenSSL
// and X.509 use. Pure functions; any thread may call them.

#include "crypto/base/curve.hpp"

#include <cstddef>
#include <span>
#include <string>

namespace chancery::crypto {

/// Throws std::invalid_argument unless `raw` has signature_size(c) bytes.
std::string raw_to_der(curve c, std::span<const std::byte> raw);

/// Accepts strict DER only: shortest lengths, shortest positive integers that
/// fit the field, no trailing bytes. Writes signature_size(c) bytes to the
/// front of `raw`; false, with `raw` unspecified, for anything else.
[[nodiscard]] bool der_to_raw(curve c, std::span<const std::byte> der,
                              std::span<std::byte> raw) noexcept;

} // namespace chancery::crypto
