// SPDX-License-Identifier: Apache-2.0
#pragma once

// ECDH on P-256 (SP 800-56A 5.7.1.2) with one point at a time. It calls
// libcrypto's point arithmetic, as libcrypto's own key exchange does, but
// creates no key object for each message, which would add a tenth to the time
// of opening one. An object belongs to one thread at a time. OpenSSL's names
// stay in the .cpp file.

#include "crypto/keys/key.hpp"

#include <cstddef>
#include <memory>
#include <span>

namespace chancery::crypto {

class p256_ecdh {
 public:
  /// Throws std::invalid_argument unless `key` is on P-256, std::runtime_error
  /// when libcrypto fails.
  explicit p256_ecdh(const private_key& key);

  /// With a fresh key from libcrypto's own generator; writes its public half to
  /// `point`. Throws std::runtime_error when libcrypto fails.
  static p256_ecdh ephemeral(sec1_point& point);

  p256_ecdh(p256_ecdh&&) noexcept;
  p256_ecdh& operator=(p256_ecdh&&) noexcept;
  ~p256_ecdh();

  /// Writes the x coordinate of the shared point. Returns false, and writes
  /// nothing, when `peer` is not an uncompressed point on the curve; with a
  /// cofactor of 1 that is the full validation of SP 800-56A 5.6.2.3.3.
  [[nodiscard]] bool agree(const sec1_point& peer,
                           std::span<std::byte, 32> shared);

 private:
  struct state;
  explicit p256_ecdh(std::unique_ptr<state> s);
  std::unique_ptr<state> state_;
};

} // namespace chancery::crypto
