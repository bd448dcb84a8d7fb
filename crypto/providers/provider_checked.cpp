// SPDX-License-Identifier: Apache-2.0

// A signer that verifies signatures of another signer before it returns. One of
// a sample is verified by libcrypto on P-256 and by Botan on P-384, the fastest
// ones for single signatures there.

#include "crypto/providers/provider_parts.hpp"

#include <fmt/format.h>

#include <memory>
#include <numeric>
#include <utility>
#include <vector>

namespace chancery::crypto {

namespace {

/// One signature of this many is verified; 0: one of each call. libcrypto takes
/// forty times as long to verify a signature as `batch` takes to make one.
std::uint64_t sampled_window(provider p) {
  return p == provider::batch ? 4'096 : 0;
}

provider verifying(curve c, self_check extent) {
  if (c == curve::p384)
    return provider::botan;
  return extent == self_check::all ? provider::batch : provider::openssl;
}

class checked_signer final : public batch_signer {
 public:
  checked_signer(std::unique_ptr<batch_signer> signer, provider p, curve c,
                 self_check extent, random_source random)
      : provider_(p), curve_(c), extent_(extent), window_(sampled_window(p)),
        random_(std::move(random)), signer_(std::move(signer)),
        verifier_(make_verifier(verifying(c, extent), c)) {
    if (window_ > 0)
      next_ = below(window_);
  }

  void sign_batch(std::span<const key_run> runs,
                  std::span<const std::byte> digests,
                  std::span<std::byte> signatures) override {
    signer_->sign_batch(runs, digests, signatures);
    choose(digests.size() / field_size(curve_));
    if (places_.empty())
      return;
    claim(runs, digests, signatures);
    const auto verdicts = std::make_unique<bool[]>(claims_.size());
    verifier_->verify_batch(claims_, {verdicts.get(), claims_.size()});
    for (std::size_t i = 0; i < claims_.size(); ++i)
      if (!verdicts[i])
        throw wrong_signature(provider_, claims_[i].key->id(), places_[i]);
  }

 private:
  /// Sets places_: which of the call's `count` signatures to verify. A place is
  /// chosen before its window begins, so that each signature has the same
  /// chance; of the first call one is verified in any case.
  void choose(std::uint64_t count) {
    places_.clear();
    if (count == 0)
      return;
    const auto before = std::exchange(made_, made_ + count);
    if (extent_ == self_check::all) {
      places_.resize(count);
      std::iota(places_.begin(), places_.end(), std::size_t{0});
      return;
    }
    for (; window_ > 0 && next_ < made_;
         next_ = (next_ / window_ + 1) * window_ + below(window_))
      places_.push_back(next_ - before);
    if (places_.empty() && (window_ == 0 || before == 0))
      places_.push_back(below(count));
  }

  /// Sets claims_: the signatures at places_, which ascend.
  void claim(std::span<const key_run> runs, std::span<const std::byte> digests,
             std::span<const std::byte> signatures) {
    const auto digest = field_size(curve_);
    const auto signature = signature_size(curve_);
    claims_.clear();
    auto run = runs.begin();
    auto end = run->count; // of the run
    for (const auto at : places_) {
      while (at >= end)
        end += (++run)->count;
      claims_.push_back({&run->key->public_half(),
                         digests.subspan(at * digest, digest),
                         signatures.subspan(at * signature, signature)});
    }
  }

  std::uint64_t below(std::uint64_t limit) {
    std::uint64_t chance = 0;
    random_(std::as_writable_bytes(std::span(&chance, 1)));
    return chance % limit;
  }

  provider provider_;
  curve curve_;
  self_check extent_;
  std::uint64_t window_;
  random_source random_;
  std::unique_ptr<batch_signer> signer_;
  std::unique_ptr<signature_verifier> verifier_;
  std::uint64_t made_ = 0; // signatures, in all calls
  std::uint64_t next_ = 0; // to verify, counted as made_ is
  // Of one call; kept to reuse their memory.
  std::vector<std::size_t> places_;
  std::vector<signature_claim> claims_;
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
