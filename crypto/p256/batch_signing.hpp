// SPDX-License-Identifier: Apache-2.0
#pragma once

// Signs any number of digests with a kernel, block by block: draws random bytes
// for the nonces of a call, and signs again where a nonce was unusable. An
// object belongs to one thread at a time.

#include "crypto/base/random.hpp"
#include "crypto/base/secret.hpp"
#include "crypto/p256/kernel.hpp"
#include "crypto/p256/kernel_memory.hpp"

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

namespace chancery::crypto::p256 {

class batch_signing {
 public:
  /// Without `random`, nonces are exactly those of RFC 6979 3.2: for test
  /// vectors.
  batch_signing(const kernel& k, random_source random);

  /// Clears what was added, and wipes keys and nonces.
  void begin();

  /// Adds a digest (32 bytes) to sign under `key`, which is in [1, n - 1].
  void add(const words& key, std::span<const std::byte> digest);

  /// For tests: a nonce for each added digest. Unusable ones are replaced.
  void use_nonces(std::span<const words> nonces);

  /// What is added and not signed yet.
  std::size_t size() const noexcept { return keys_.size(); }

  /// Writes 64 bytes r||s for each digest, and begins anew, even if it throws.
  /// Throws what `random` throws,
  /// std::invalid_argument when the sizes differ, and std::runtime_error when
  /// several nonces in a row are unusable, which means that the generator or
  /// the kernel is broken.
  void sign(std::span<std::byte> signatures);

 private:
  template <class Value>
  using secret_vector = std::vector<Value, wiping_allocator<Value>>;

  void sign_block(std::size_t first, std::size_t count, const words* nonces,
                  int attempt, std::span<std::byte> signatures);

  const kernel& kernel_;
  random_source random_;
  kernel_memory scratch_;
  secret_vector<words> keys_;
  secret_vector<words> nonces_;
  std::vector<words> digests_;
  std::uint32_t extra_[4];
  std::unique_ptr<bool[]> again_;
};

} // namespace chancery::crypto::p256
