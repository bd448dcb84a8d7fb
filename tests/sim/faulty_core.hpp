// SPDX-License-Identifier: Apache-2.0
#pragma once

// A signer as on a core that errs now and then, too seldom for a sample to show
// it every time: flips a bit of one signature in fifty, and records what it
// made wrong. Depends on its seed alone.

#include "crypto/providers/provider.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <random>
#include <set>
#include <span>
#include <string>
#include <utility>

namespace chancery::tests {

/// Signatures on P-256 that are known to be wrong, from outside the system.
using wrong_bytes = std::set<std::string>;

class faulty_core final : public crypto::batch_signer {
 public:
  static constexpr std::size_t signature_size = 64;
  static constexpr std::uint64_t one_in = 50;

  /// Errs until `*healed`. Both pointees outlive it.
  faulty_core(std::unique_ptr<crypto::batch_signer> signer, std::uint64_t seed,
              wrong_bytes* wrong, const bool* healed)
      : signer_(std::move(signer)), random_(seed), wrong_(wrong),
        healed_(healed) {}

  void sign_batch(std::span<const crypto::key_run> runs,
                  std::span<const std::byte> digests,
                  std::span<std::byte> signatures) override {
    signer_->sign_batch(runs, digests, signatures);
    for (; !signatures.empty(); signatures = signatures.subspan(signature_size))
      if (random_() % one_in == 0 && !*healed_) {
        const auto bytes = signatures.first(signature_size);
        bytes[random_() % signature_size] ^= std::byte{0x10};
        wrong_->emplace(reinterpret_cast<const char*>(bytes.data()),
                        bytes.size());
      }
  }

 private:
  std::unique_ptr<crypto::batch_signer> signer_;
  std::mt19937_64 random_;
  wrong_bytes* wrong_;
  const bool* healed_;
};

} // namespace chancery::tests
