// SPDX-License-Identifier: Apache-2.0
#pragma once

// ECDSA keys on P-256 and P-384. Values are immutable after construction and
// may be read from any thread. Secrets are kept in memory that is wiped, and no
// error text contains them. Key files and JWKs are in pem.hpp and jwk.hpp.

#include "crypto/base/curve.hpp"
#include "crypto/base/random.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace chancery::crypto {

/// An uncompressed point of P-256 (SEC 1 2.3.3): 0x04, x, y.
using sec1_point = std::array<std::byte, 65>;

/// RFC 7638 thumbprint of the public key with SHA-256.
using key_id = std::array<std::uint8_t, 32>;

/// base64url without padding: 43 characters.
std::string to_text(const key_id& id);

/// The inverse of to_text; throws std::invalid_argument.
key_id key_id_from_text(std::string_view text);

class public_key {
 public:
  /// `point` is x||y, big endian, 2 * field_size(c) bytes. Throws
  /// std::invalid_argument unless it lies on the curve.
  public_key(crypto::curve c, std::span<const std::byte> point);

  crypto::curve curve() const noexcept { return curve_; }

  /// x||y, big endian.
  std::span<const std::byte> point() const noexcept;

  const key_id& id() const noexcept { return id_; }

  friend bool operator==(const public_key&, const public_key&) = default;

 private:
  crypto::curve curve_;
  std::array<std::byte, 96> point_{};
  key_id id_{};
};

/// For key agreements. Throws std::invalid_argument unless `key` is on P-256.
sec1_point to_sec1(const public_key& key);

class private_key {
 public:
  /// Throws std::runtime_error when `random` is obviously broken.
  static private_key generate(crypto::curve c, const random_source& random);

  /// `scalar` is big endian, field_size(c) bytes. Throws std::invalid_argument
  /// unless it is in [1, n-1].
  private_key(crypto::curve c, std::span<const std::byte> scalar);

  crypto::curve curve() const noexcept;
  const public_key& public_half() const noexcept;
  const key_id& id() const noexcept { return public_half().id(); }

  /// Big endian, field_size(curve()) bytes. A view into the key, which wipes
  /// the bytes when its last copy is destroyed.
  std::span<const std::byte> scalar() const noexcept;

 private:
  struct secret;
  std::shared_ptr<const secret> secret_;
};

} // namespace chancery::crypto
