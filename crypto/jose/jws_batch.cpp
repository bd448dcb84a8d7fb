// SPDX-License-Identifier: Apache-2.0
#include "crypto/jose/jws_batch.hpp"

#include <algorithm>
#include <functional>
#include <numeric>

namespace chancery::crypto {

jws_batch::jws_batch(provider verifying)
    : hasher_(curve::p256), verifier_(make_verifier(verifying, curve::p256)) {}

// A compact JWS begins with its signing input.
std::size_t jws_batch::add(std::span<const std::byte> compact, const jws& parts,
                           const public_key& key) {
  texts_.push_back(compact.first(parts.signing_input.size()));
  signatures_.push_back(parts.signature);
  keys_.push_back(&key);
  return texts_.size() - 1;
}

// All of one key together, whose table then stays in the processor's cache.
void jws_batch::verify() {
  const auto count = texts_.size();
  const auto size = hasher_.size();
  std::vector<std::byte> digests(count * size);
  hasher_(texts_, digests);
  std::vector<std::size_t> order(count);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, std::less(),
                           [this](std::size_t i) { return keys_[i]; });
  std::vector<signature_claim> claims;
  claims.reserve(count);
  for (const auto i : order)
    claims.push_back(
        {keys_[i], std::span(digests).subspan(i * size, size), signatures_[i]});
  const auto right = std::make_unique<bool[]>(count);
  verifier_->verify_batch(claims, {right.get(), count});
  verdicts_.resize(count);
  for (std::size_t i = 0; i < count; ++i)
    verdicts_[order[i]] = right[i];
}

void jws_batch::clear() noexcept {
  texts_.clear();
  signatures_.clear();
  keys_.clear();
}

} // namespace chancery::crypto
