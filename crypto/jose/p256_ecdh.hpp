// SPDX-License-Identifier: Apache-2.0
#pragma once

// ECDH on P-256 (SP 800-56A 5.7.1.2) for jwe.cpp: libcrypto's arithmetic on
// points, which is what its own key exchange runs on, without making an object
// of each message's key. That saves a tenth of opening a message. An object
// belongs to one thread at a time. OpenSSL's names stay in the .cpp file.

#include "crypto/jose/jwe_parts.hpp"
#include "crypto/keys/key.hpp"

#include <cstddef>
#include <memory>
#include <span>

namespace chancery::crypto {

class p256_ecdh {
 public:
  /// `key` is on P-256. Throws std::runtime_error when libcrypto fails.
  explicit p256_ecdh(const private_key& key);

  /// With a fresh key of libcrypto's own generator; `point` receives its public
  /// half.
  static p256_ecdh ephemeral(sec1_point& point);

  p256_ecdh(p256_ecdh&&) noexcept;
  p256_ecdh& operator=(p256_ecdh&&) noexcept;
  ~p256_ecdh();

  /// Writes the x coordinate of the shared point. False, and nothing written,
  /// when `peer` is not an uncompressed point on the curve; with a cofactor of
  /// 1 that is all of the validation in SP 800-56A 5.6.2.3.3.
  [[nodiscard]] bool agree(const sec1_point& peer,
                           std::span<std::byte, 32> shared);

 private:
  struct state;
  explicit p256_ecdh(std::unique_ptr<state> s);
  std::unique_ptr<state> state_;
};

} // namespace chancery::crypto
