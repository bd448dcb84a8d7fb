// SPDX-License-Identifier: Apache-2.0

// The provider that shares work between signatures. The arithmetic is in p256/;
// this file passes it the keys.

#include "crypto/base/bytes.hpp"
#include "crypto/p256/batch_signing.hpp"
#include "crypto/p256/kernel_choice.hpp"
#include "crypto/p256/wiping.hpp"
#include "crypto/providers/provider_parts.hpp"

#include <chrono>
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

double seconds_to_sign(batch_signer& signer, const private_key& key) {
  constexpr std::size_t count = 64;
  const std::vector<std::byte> digests(32 * count, std::byte{1});
  std::vector<std::byte> signatures(64 * count);
  const key_run run{&key, count};
  const auto begin = std::chrono::steady_clock::now();
  signer.sign_batch({&run, 1}, digests, signatures);
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin)
      .count();
}

bool outruns_openssl() {
  const auto key = private_key::generate(curve::p256, system_random());
  const auto ours = make_batch_p256_signer(curve::p256, system_random());
  const auto theirs = make_openssl_signer(curve::p256);
  int won = 0;
  for (int i = 0; i < 5; ++i) // the first one warms both up
    won += seconds_to_sign(*ours, key) < 0.9 * seconds_to_sign(*theirs, key);
  return won >= 3;
}

} // namespace

bool batch_p256_is_fastest() {
  static const bool fastest = [] {
    const auto kernels = p256::usable_kernels();
    return !kernels.empty() &&
           (kernels.front()->lanes > 1 || outruns_openssl());
  }();
  return fastest;
}

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
