// SPDX-License-Identifier: Apache-2.0
#include "crypto/p256/batch_signing.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace chancery::crypto::p256 {

namespace {

/// Two unusable nonces in a row happen by chance once in 2^64 signatures.
constexpr int attempts_max = 4;

} // namespace

batch_signing::batch_signing(const kernel& k, random_source random)
    : kernel_(k), random_(std::move(random)), scratch_(k.scratch_size),
      again_(std::make_unique<bool[]>(static_cast<std::size_t>(k.block_max))) {}

void batch_signing::begin() {
  wipe(std::as_writable_bytes(std::span(keys_)));
  wipe(std::as_writable_bytes(std::span(nonces_)));
  keys_.clear();
  nonces_.clear();
  digests_.clear();
}

void batch_signing::add(const words& key, std::span<const std::byte> digest) {
  keys_.push_back(key);
  digests_.push_back(
      from_bytes(reinterpret_cast<const unsigned char*>(digest.data())));
}

void batch_signing::use_nonces(std::span<const words> nonces) {
  nonces_.assign(nonces.begin(), nonces.end());
}

void batch_signing::sign(std::span<std::byte> signatures) {
  if (signatures.size() != 64 * digests_.size() ||
      (!nonces_.empty() && nonces_.size() != digests_.size()))
    throw std::invalid_argument("signatures or nonces do not fit the digests");
  // Whatever the random source or the kernel throws.
  struct wiping {
    batch_signing& all;
    ~wiping() {
      all.begin();
      wipe(std::as_writable_bytes(std::span(all.extra_)));
    }
  } const wiping_at_the_end{*this};
  if (random_)
    random_(std::as_writable_bytes(std::span(extra_)));
  const auto block = static_cast<std::size_t>(kernel_.block_max);
  for (std::size_t i = 0; i < digests_.size(); i += block)
    sign_block(i, std::min(block, digests_.size() - i),
               nonces_.empty() ? nullptr : &nonces_[i], 0, signatures);
}

void batch_signing::sign_block(std::size_t first, std::size_t count,
                               const words* nonces, int attempt,
                               std::span<std::byte> signatures) {
  kernel_.sign({.count = static_cast<int>(count),
                .keys = &keys_[first],
                .digests = &digests_[first],
                .nonces = nonces,
                .extra = random_ ? extra_ : nullptr,
                .first = static_cast<std::uint32_t>(first),
                .attempt = attempt,
                .signatures = reinterpret_cast<unsigned char*>(
                    signatures.subspan(64 * first).data()),
                .again = again_.get()},
               scratch_.get());
  std::vector<std::size_t> again;
  for (std::size_t i = 0; i < count; ++i)
    if (again_[i])
      again.push_back(first + i);
  if (again.empty())
    return;
  if (attempt == attempts_max)
    throw std::runtime_error("several nonces in a row are unusable, which does "
                             "not happen by chance: the processor is at fault");
  for (const auto i : again)
    sign_block(i, 1, nullptr, attempt + 1, signatures);
}

} // namespace chancery::crypto::p256
