// SPDX-License-Identifier: Apache-2.0

// A signer for calls of one digest and of many.

#include "crypto/providers/provider_parts.hpp"

#include <utility>

namespace chancery::crypto {

namespace {

class sized_signer final : public batch_signer {
 public:
  sized_signer(std::unique_ptr<batch_signer> one,
               std::unique_ptr<batch_signer> many)
      : one_(std::move(one)), many_(std::move(many)) {}

  void sign_batch(std::span<const key_run> runs,
                  std::span<const std::byte> digests,
                  std::span<std::byte> signatures) override {
    const bool single = digests.size() == field_size(curve::p256);
    (single ? *one_ : *many_).sign_batch(runs, digests, signatures);
  }

 private:
  std::unique_ptr<batch_signer> one_;
  std::unique_ptr<batch_signer> many_;
};

} // namespace

std::unique_ptr<batch_signer> make_sized_signer(provider p, curve c,
                                                random_source random) {
  auto signer = make_batch_signer(p, c, std::move(random));
  if (p != provider::batch)
    return signer;
  return std::make_unique<sized_signer>(make_openssl_signer(c),
                                        std::move(signer));
}

} // namespace chancery::crypto
