// SPDX-License-Identifier: Apache-2.0

// A signer that verifies signatures of another signer before it returns. One of
// a sample is verified by libcrypto on P-256 and by Botan on P-384, the fastest
// ones for single signatures there.

#include "crypto/providers/provider_parts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace chancery::crypto {

namespace {

/// Signatures of which one is verified; 1: one of each call. libcrypto takes
/// forty times as long to verify a signature as `batch` takes to make one.
std::uint64_t sampled_window(provider p) {
  return p == provider::batch ? 4'096 : 1;
}

class checked_signer final : public batch_signer {
 public:
  checked_signer(std::unique_ptr<batch_signer> signer, provider p, curve c,
                 self_check extent, random_source random)
      : provider_(p), curve_(c), extent_(extent), random_(std::move(random)),
        signer_(std::move(signer)),
        one_(make_verifier(
            c == curve::p256 ? provider::openssl : provider::botan, c)) {
    if (extent == self_check::all)
      many_ = make_verifier(
          c == curve::p256 ? provider::batch : provider::botan, c);
  }

  void sign_batch(std::span<const key_run> runs,
                  std::span<const std::byte> digests,
                  std::span<std::byte> signatures) override {
    signer_->sign_batch(runs, digests, signatures);
    const auto count = digests.size() / field_size(curve_);
    if (count == 0)
      return;
    claims_.clear();
    if (extent_ == self_check::all) {
      std::size_t at = 0;
      for (const auto& run : runs)
        for (std::size_t i = 0; i < run.count; ++i)
          claim(run, digests, signatures, at++);
      verify_claims();
    } else if (const auto at = sampled(count)) {
      auto before = *at;
      auto run = runs.begin();
      while (before >= run->count)
        before -= (run++)->count;
      claim(*run, digests, signatures, *at);
      if (!one_->verify(*claims_[0].key, claims_[0].digest,
                        claims_[0].signature))
        throw wrong_signature(provider_, run->key->id(), *at);
    }
  }

 private:
  void claim(const key_run& run, std::span<const std::byte> digests,
             std::span<const std::byte> signatures, std::size_t at) {
    const auto digest = field_size(curve_);
    const auto signature = signature_size(curve_);
    claims_.push_back({&run.key->public_half(),
                       digests.subspan(at * digest, digest),
                       signatures.subspan(at * signature, signature)});
  }

  void verify_claims() {
    const auto verdicts = std::make_unique<bool[]>(claims_.size());
    many_->verify_batch(claims_, {verdicts.get(), claims_.size()});
    for (std::size_t i = 0; i < claims_.size(); ++i)
      if (!verdicts[i])
        throw wrong_signature(provider_, claims_[i].key->id(), i);
  }

  std::uint64_t below(std::uint64_t limit) {
    std::uint64_t chance = 0;
    random_(std::as_writable_bytes(std::span(&chance, 1)));
    return chance % limit;
  }

  /// Which signature of this call to verify. Its place in a window is chosen
  /// when the window begins, so that each signature has the same chance; of the
  /// first call one is verified in any case.
  std::optional<std::size_t> sampled(std::uint64_t count) {
    const auto window = sampled_window(provider_);
    std::optional<std::size_t> at;
    if (window == 1 || !std::exchange(begun_, true))
      at = static_cast<std::size_t>(below(count));
    if (window == 1)
      return at;
    if (window_left_ == 0)
      begin_window(window);
    for (auto passed = count; passed > 0;) {
      const auto part = std::min(passed, window_left_);
      if (chosen_in_ < part)
        at = static_cast<std::size_t>(count - passed + chosen_in_);
      chosen_in_ = chosen_in_ < part ? window : chosen_in_ - part;
      passed -= part;
      if ((window_left_ -= part) == 0)
        begin_window(window);
    }
    return at;
  }

  void begin_window(std::uint64_t window) {
    window_left_ = window;
    chosen_in_ = below(window);
  }

  provider provider_;
  curve curve_;
  self_check extent_;
  random_source random_;
  std::unique_ptr<batch_signer> signer_;
  std::unique_ptr<signature_verifier> one_;
  std::unique_ptr<signature_verifier> many_; // null when sampling
  std::vector<signature_claim> claims_;      // of one call, for their memory
  bool begun_ = false;
  std::uint64_t window_left_ = 0; // signatures until the window ends
  std::uint64_t chosen_in_ = 0;   // signatures before the one to verify
};

} // namespace

wrong_signature::wrong_signature(provider p, const key_id& key,
                                 std::size_t index)
    : std::runtime_error(fmt::format(
          "a new signature of key {} does not verify: the processor, its "
          "memory or the crypto provider {} is at fault",
          to_text(key), description(p))),
      key_(key), index_(index) {}

std::unique_ptr<batch_signer> make_checked(std::unique_ptr<batch_signer> signer,
                                           provider p, curve c,
                                           self_check extent,
                                           random_source random) {
  return std::make_unique<checked_signer>(std::move(signer), p, c, extent,
                                          std::move(random));
}

} // namespace chancery::crypto
