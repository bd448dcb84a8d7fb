// SPDX-License-Identifier: Apache-2.0
#pragma once

// ECDH on P-256 (SP 800-56A 6.2.2.2) of many ephemeral keys with the public key
// of one recipient. Each ephemeral key is used once: its public half and the
// shared secret come out, and the private half is wiped. An object belongs to
// one thread at a time.

#include "crypto/base/random.hpp"
#include "crypto/keys/key.hpp"
#include "crypto/providers/provider.hpp"

#include <cstddef>
#include <memory>
#include <span>

namespace chancery::crypto::p256 {
struct kernel;
}

namespace chancery::crypto {

class ephemeral_agreement {
 public:
  virtual ~ephemeral_agreement() = default;

  /// For each place a fresh key: writes its public half to `points`, and the x
  /// coordinate of the point that it shares with the recipient, 32 bytes, to
  /// `shared`, which the caller must wipe, even if this throws. Throws
  /// std::invalid_argument unless the sizes fit, what `random` throws, and
  /// std::runtime_error when libcrypto fails, or when several random scalars in
  /// a row are unusable.
  virtual void agree_batch(std::span<sec1_point> points,
                           std::span<std::byte> shared) = 0;
};

/// `batch` shares work between keys and draws them from `random`. It is
/// libcrypto where that is faster; openssl and botan are libcrypto, with its
/// own generator. Throws std::invalid_argument unless `recipient` is on P-256,
/// std::runtime_error when libcrypto fails.
std::unique_ptr<ephemeral_agreement>
make_ephemeral_agreement(provider p, const public_key& recipient,
                         random_source random);

/// By this kernel, for tests.
std::unique_ptr<ephemeral_agreement> make_batch_ephemeral_agreement(
    const p256::kernel& k, const public_key& recipient, random_source random);

} // namespace chancery::crypto
