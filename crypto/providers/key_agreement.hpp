// SPDX-License-Identifier: Apache-2.0
#pragma once

// ECDH on P-256 (SP 800-56A 5.7.1.2) of one private key with the public points
// of many others, which may be chosen by an attacker. An object belongs to one
// thread at a time.

#include "crypto/keys/key.hpp"
#include "crypto/providers/provider.hpp"

#include <cstddef>
#include <memory>
#include <span>
#include <string>

namespace chancery::crypto::p256 {
struct kernel;
}

namespace chancery::crypto {

class key_agreement {
 public:
  virtual ~key_agreement() = default;

  /// Writes for each peer the x coordinate of the shared point, 32 bytes, to
  /// `shared`, which the caller must wipe. A peer that is not an uncompressed
  /// point on the curve gets zeros, and false in `on_curve`. Throws
  /// std::invalid_argument unless the sizes fit.
  virtual void agree_batch(std::span<const sec1_point> peers,
                           std::span<std::byte> shared,
                           std::span<bool> on_curve) = 0;
};

/// `batch` shares work between points, and is libcrypto where that is faster
/// (agreement_description()) and for a single point; openssl and botan are
/// libcrypto. Throws std::invalid_argument unless `key` is on P-256,
/// std::runtime_error when libcrypto fails.
std::unique_ptr<key_agreement> make_key_agreement(provider p,
                                                  const private_key& key);

/// By this kernel, for tests.
std::unique_ptr<key_agreement> make_batch_agreement(const p256::kernel& k,
                                                    const private_key& key);

/// Who agrees: "batch (AVX-512 IFMA)" or "openssl".
std::string agreement_description(provider p);

/// Who does a ledger's arithmetic on this machine where `p` is chosen: the one
/// that signs, verifies and agrees, or "batch (portable); verified by openssl,
/// keys agreed by openssl".
std::string ledger_description(provider p);

} // namespace chancery::crypto
