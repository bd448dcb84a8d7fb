// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "crypto/keys/signature.hpp"
#include "crypto/providers/provider.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>

namespace chancery::tests {

/// A signer as on a faulty machine: flips one bit of the `at`-th signature of
/// each call, or of every signature.
class erring_signer final : public crypto::batch_signer {
 public:
  erring_signer(std::unique_ptr<crypto::batch_signer> signer, crypto::curve c)
      : size_(crypto::signature_size(c)), signer_(std::move(signer)) {}

  void sign_batch(std::span<const crypto::key_run> runs,
                  std::span<const std::byte> digests,
                  std::span<std::byte> signatures) override {
    signer_->sign_batch(runs, digests, signatures);
    for (std::size_t i = 0; i < signatures.size() / size_; ++i)
      if (every || i == at)
        signatures[i * size_ + byte] ^= std::byte{0x10};
  }

  bool every = false;
  std::size_t at = SIZE_MAX;
  std::size_t byte = 0; ///< of the signature

 private:
  std::size_t size_;
  std::unique_ptr<crypto::batch_signer> signer_;
};

/// For crypto::vault::options::replace_signer.
inline std::unique_ptr<crypto::batch_signer>
every_signature_wrong(std::unique_ptr<crypto::batch_signer> right) {
  auto faulty =
      std::make_unique<erring_signer>(std::move(right), crypto::curve::p256);
  faulty->every = true;
  return faulty;
}

} // namespace chancery::tests
