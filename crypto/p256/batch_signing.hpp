// SPDX-License-Identifier: Apache-2.0
#pragma once

// Signing of any number of digests by a kernel's blocks: random bytes for the
// nonces of a call, and another nonce where one could not be used. One object
// belongs to one thread at a time.

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
  /// Without `random` nonces are those of RFC 6979 3.2 to the letter: for test
  /// vectors.
  batch_signing(const kernel& k, random_source random);

  /// Forgets what was added, and the keys with it.
  void begin();

  /// A digest (32 bytes) to be signed under `key`, in [1, n - 1].
  void add(const words& key, std::span<const std::byte> digest);

  /// A nonce for each digest that was added, as long as it can be used: for
  /// tests.
  void use_nonces(std::span<const words> nonces);

  /// 64 bytes r||s for each digest. What `random` throws, and
  /// std::runtime_error when the generator or the kernel must be broken.
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
