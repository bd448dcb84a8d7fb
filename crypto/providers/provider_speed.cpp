// SPDX-License-Identifier: Apache-2.0

// Measures the batch kernels against libcrypto on this machine, where no vector
// kernel settles it.

#include "crypto/providers/outruns.hpp"
#include "crypto/providers/provider_parts.hpp"

#include <vector>

namespace chancery::crypto {

namespace {

constexpr std::size_t signed_together = 64;
constexpr std::size_t verified_together = 32; // each takes twice as long

/// Signatures of one key over the same digest.
struct signed_digests {
  explicit signed_digests(std::size_t count)
      : digests(32 * count, std::byte{1}), signatures(64 * count) {}

  void sign(batch_signer& signer) {
    const key_run run{&key, digests.size() / 32};
    signer.sign_batch({&run, 1}, digests, signatures);
  }

  private_key key = private_key::generate(curve::p256, system_random());
  std::vector<std::byte> digests;
  std::vector<std::byte> signatures;
};

bool signs_faster_than_openssl(const p256::kernel& k) {
  signed_digests all(signed_together);
  const auto ours = make_batch_p256_signer(k, system_random());
  const auto theirs = make_openssl_signer(curve::p256);
  return outruns([&] { all.sign(*ours); }, [&] { all.sign(*theirs); });
}

} // namespace

bool batch_p256_is_fastest() {
  static const bool fastest =
      faster_kernel(signs_faster_than_openssl) != nullptr;
  return fastest;
}

bool batch_p256_verifies_fastest() {
  static const bool fastest =
      faster_kernel(verifies_faster_than_openssl) != nullptr;
  return fastest;
}

std::string verifying_description(provider p) {
  return p == provider::batch && !batch_p256_verifies_fastest()
             ? std::string(to_text(provider::openssl))
             : description(p);
}

bool verifies_faster_than_openssl(const p256::kernel& k) {
  signed_digests all(verified_together);
  const auto theirs = make_openssl_verifier(curve::p256);
  const auto ours = make_batch_p256_verifier(k);
  all.sign(*make_openssl_signer(curve::p256));
  std::vector<signature_claim> claims;
  for (std::size_t i = 0; i < verified_together; ++i)
    claims.push_back({&all.key.public_half(),
                      std::span(all.digests).subspan(32 * i, 32),
                      std::span(all.signatures).subspan(64 * i, 64)});
  const auto verdicts = std::make_unique<bool[]>(claims.size());
  const auto work_of = [&](signature_verifier& verifier) {
    return [&] {
      verifier.verify_batch(claims, {verdicts.get(), claims.size()});
    };
  };
  return outruns(work_of(*ours), work_of(*theirs));
}

} // namespace chancery::crypto
