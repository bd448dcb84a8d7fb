// SPDX-License-Identifier: Apache-2.0
#pragma once

// Verifies the signatures of many JWS in one call of a verifier, and hashes
// what they sign many at a time. It copies no text: rows and keys must stay
// valid until verify() returns. One thread per object.

#include "crypto/base/hash.hpp"
#include "crypto/jose/jws.hpp"
#include "crypto/providers/provider.hpp"

#include <array>
#include <cstddef>
#include <memory>
#include <span>
#include <vector>

namespace chancery::crypto {

class jws_batch {
 public:
  explicit jws_batch(provider verifying);

  /// `parts` are those of `compact`. Returns the place of its verdict.
  std::size_t add(std::span<const std::byte> compact, const jws& parts,
                  const public_key& key);

  /// Verifies all that were added since clear().
  void verify();

  /// Whether the key signed it; after verify().
  bool right(std::size_t place) const { return verdicts_[place]; }

  void clear() noexcept;

  /// For one signature at a time.
  signature_verifier& verifier() noexcept { return *verifier_; }

 private:
  record_hasher hasher_;
  std::unique_ptr<signature_verifier> verifier_;
  std::vector<std::span<const std::byte>> texts_; // that are signed
  std::vector<std::array<std::byte, 64>> signatures_;
  std::vector<const public_key*> keys_;
  std::vector<bool> verdicts_;
};

} // namespace chancery::crypto
