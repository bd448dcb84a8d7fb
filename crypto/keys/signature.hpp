// SPDX-License-Identifier: Apache-2.0
#pragma once

// The two encodings of an ECDSA signature: raw r||s (IEEE P1363, RFC 7518 3.4),
// which is what chancery stores, and the DER SEQUENCE of RFC 3279 2.2.3, which
// is what OpenSSL and X.509 use. Pure functions.

#include "crypto/base/curve.hpp"

#include <cstddef>
#include <span>
#include <string>

namespace chancery::crypto {

/// Throws std::invalid_argument unless `raw` has signature_size(c) bytes.
std::string raw_to_der(curve c, std::span<const std::byte> raw);

/// Strict DER only: shortest lengths, shortest positive integers that fit the
/// field, nothing behind them. Writes signature_size(c) bytes; false otherwise.
[[nodiscard]] bool der_to_raw(curve c, std::span<const std::byte> der,
                              std::span<std::byte> raw) noexcept;

} // namespace chancery::crypto
