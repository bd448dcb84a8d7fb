// SPDX-License-Identifier: Apache-2.0

// The provider that shares work between signatures. The arithmetic is in p256/;
// this file passes it the keys.

#include "crypto/base/bytes.hpp"
#include "crypto/p256/batch_signing.hpp"
#include "crypto/p256/kernel_choice.hpp"
#include "crypto/p256/wiping.hpp"
#include "crypto/providers/provider_parts.hpp"

#include <stdexcept>
#include <utility>
#include <vector>

namespace chancery::crypto {

namespace {

class batch_p256_signer final : public batch_signer {
 public:
  batch_p256_signer(const p256::kernel& k, random_source random)
      : signing_(k, std::move(random)) {}

  void sign_batch(std::span<const key_run> runs,
                  std::span<const std::byte> digests,
                  std::span<std::byte> signatures) override {
    require_matching_sizes(curve::p256, runs, digests, signatures);
    signing_.begin();
    auto left = digests;
    for (const auto& run : runs) {
      auto key = p256::from_bytes(octets(run.key->scalar()));
      for (std::size_t i = 0; i < run.count; ++i) {
        signing_.add(key, left.first(32));
        left = left.subspan(32);
      }
      p256::wipe_value(key);
    }
    signing_.sign(signatures);
  }

 private:
  p256::batch_signing signing_;
};

} // namespace

std::unique_ptr<batch_signer> make_batch_p256_signer(curve c,
                                                     random_source random) {
  const auto kernels = p256::usable_kernels();
  if (c != curve::p256 || kernels.empty())
    throw std::invalid_argument(
        "the batch provider needs P-256 and a kernel that passes its test");
  return make_batch_p256_signer(*kernels.front(), std::move(random));
}

std::unique_ptr<batch_signer> make_batch_p256_signer(const p256::kernel& k,
                                                     random_source random) {
  return std::make_unique<batch_p256_signer>(k, std::move(random));
}

} // namespace chancery::crypto
