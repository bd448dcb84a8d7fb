// SPDX-License-Identifier: Apache-2.0

// A signer that verifies each signature of another signer before it returns.
// libcrypto verifies on P-256 and Botan on P-384, the fastest ones there.

#include "crypto/providers/provider_parts.hpp"

#include <stdexcept>
#include <utility>

namespace chancery::crypto {

namespace {

class paranoid_signer final : public batch_signer {
 public:
  paranoid_signer(std::unique_ptr<batch_signer> signer, curve c)
      : curve_(c), signer_(std::move(signer)),
        verifier_(make_verifier(
            c == curve::p256 ? provider::openssl : provider::botan, c)) {}

  void sign_batch(std::span<const key_run> runs,
                  std::span<const std::byte> digests,
                  std::span<std::byte> signatures) override {
    signer_->sign_batch(runs, digests, signatures);
    std::span<const std::byte> made = signatures;
    for (const auto& run : runs)
      for (std::size_t i = 0; i < run.count; ++i) {
        if (!verifier_->verify(run.key->public_half(),
                               digests.first(field_size(curve_)),
                               made.first(signature_size(curve_))))
          throw std::runtime_error("a new signature does not verify: the "
                                   "processor, its memory or the crypto "
                                   "provider is at fault");
        digests = digests.subspan(field_size(curve_));
        made = made.subspan(signature_size(curve_));
      }
  }

 private:
  curve curve_;
  std::unique_ptr<batch_signer> signer_;
  std::unique_ptr<signature_verifier> verifier_;
};

} // namespace

std::unique_ptr<batch_signer>
make_paranoid(std::unique_ptr<batch_signer> signer, curve c) {
  return std::make_unique<paranoid_signer>(std::move(signer), c);
}

} // namespace chancery::crypto
