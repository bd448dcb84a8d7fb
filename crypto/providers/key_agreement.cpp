// SPDX-License-Identifier: Apache-2.0

// Key agreement by libcrypto, and by p256/ for many points.

#include "crypto/providers/key_agreement.hpp"

#include "crypto/base/bytes.hpp"
#include "crypto/base/secret.hpp"
#include "crypto/p256/kernel_memory.hpp"
#include "crypto/p256/wiping.hpp"
#include "crypto/providers/outruns.hpp"
#include "crypto/providers/p256_ecdh.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>
#include <vector>

namespace chancery::crypto {

namespace {

void require_sizes(std::span<const sec1_point> peers,
                   std::span<std::byte> shared, std::span<bool> on_curve) {
  if (shared.size() != 32 * peers.size() || on_curve.size() != peers.size())
    throw std::invalid_argument("shared secrets or verdicts do not fit");
}

class openssl_agreement final : public key_agreement {
 public:
  explicit openssl_agreement(const private_key& key) : own_(key) {}

  void agree_batch(std::span<const sec1_point> peers,
                   std::span<std::byte> shared,
                   std::span<bool> on_curve) override {
    require_sizes(peers, shared, on_curve);
    for (std::size_t i = 0; i < peers.size(); ++i) {
      const auto place = shared.subspan(32 * i).first<32>();
      on_curve[i] = own_.agree(peers[i], place);
      if (!on_curve[i])
        std::ranges::fill(place, std::byte{0});
    }
  }

 private:
  p256_ecdh own_;
};

class batch_agreement final : public key_agreement {
 public:
  batch_agreement(const p256::kernel& k, const private_key& key)
      : kernel_(k), scalar_(scalar_of(key)), scratch_(k.agreeing_scratch_size),
        one_(key), trusted_(multiplies_the_base_point(key.public_half())) {}

  void agree_batch(std::span<const sec1_point> peers,
                   std::span<std::byte> shared,
                   std::span<bool> on_curve) override {
    require_sizes(peers, shared, on_curve);
    if (peers.size() < 2 || !trusted_)
      return one_.agree_batch(peers, shared, on_curve);
    const auto most = static_cast<std::size_t>(kernel_.agreement_max);
    for (std::size_t i = 0; i < peers.size(); i += most) {
      const auto count = std::min(most, peers.size() - i);
      agree(peers.subspan(i, count), shared.subspan(32 * i, 32 * count),
            on_curve.subspan(i, count));
    }
  }

 private:
  using secret_words = std::vector<p256::words, wiping_allocator<p256::words>>;

  static secret_words scalar_of(const private_key& key) {
    auto scalar = p256::from_bytes(octets(key.scalar()));
    secret_words kept(1, scalar);
    p256::wipe_value(scalar);
    return kept;
  }

  bool agree(std::span<const sec1_point> peers, std::span<std::byte> shared,
             std::span<bool> on_curve) {
    x_.clear();
    y_.clear();
    for (const auto& peer : peers) {
      x_.push_back(p256::from_bytes(octets(std::span(peer).subspan(1))));
      y_.push_back(p256::from_bytes(octets(std::span(peer).subspan(33))));
    }
    const bool done = kernel_.agree({.count = static_cast<int>(peers.size()),
                                     .scalar = scalar_.data(),
                                     .x = x_.data(),
                                     .y = y_.data(),
                                     .on_curve = on_curve.data(),
                                     .shared = octets(shared)},
                                    scratch_.get());
    for (std::size_t i = 0; i < peers.size(); ++i)
      if (peers[i].front() != std::byte{0x04}) {
        on_curve[i] = false;
        std::ranges::fill(shared.subspan(32 * i, 32), std::byte{0});
      }
    return done;
  }

  /// The kernel's self test, in every lane, with the key that it will use. Also
  /// fails for the two scalars that a kernel gives up.
  bool multiplies_the_base_point(const public_key& own) {
    sec1_point base{std::byte{0x04}};
    p256::to_bytes(p256::base_x, octets(std::span(base).subspan(1)));
    p256::to_bytes(p256::base_y, octets(std::span(base).subspan(33)));
    const auto count = static_cast<std::size_t>(kernel_.agreement_max);
    const std::vector<sec1_point> peers(count, base);
    std::vector<std::byte> shared(32 * count);
    const auto on_curve = std::make_unique<bool[]>(count);
    if (!agree(peers, shared, {on_curve.get(), count}))
      return false;
    for (std::size_t i = 0; i < count; ++i)
      if (!on_curve[i] ||
          !std::ranges::equal(std::span(shared).subspan(32 * i, 32),
                              own.point().first(32)))
        return false;
    return true;
  }

  const p256::kernel& kernel_;
  secret_words scalar_;
  p256::kernel_memory scratch_;
  openssl_agreement one_;
  std::vector<p256::words> x_, y_; // of one call
  bool trusted_;
};

bool outruns_openssl_in_agreements(const p256::kernel& k) {
  const auto key = private_key::generate(curve::p256, system_random());
  const std::vector<sec1_point> peers(16, to_sec1(key.public_half()));
  std::vector<std::byte> shared(32 * peers.size());
  const auto on_curve = std::make_unique<bool[]>(peers.size());
  const auto work_of = [&](key_agreement& own) {
    return [&] {
      own.agree_batch(peers, shared, {on_curve.get(), peers.size()});
    };
  };
  batch_agreement ours(k, key);
  openssl_agreement theirs(key);
  return outruns(work_of(ours), work_of(theirs));
}

/// The kernel that agrees faster than libcrypto; null if there is none.
const p256::kernel* agreeing_kernel() {
  static const auto* const found = faster_kernel(outruns_openssl_in_agreements);
  return found;
}

} // namespace

std::unique_ptr<key_agreement> make_batch_agreement(const p256::kernel& k,
                                                    const private_key& key) {
  return std::make_unique<batch_agreement>(k, key);
}

std::unique_ptr<key_agreement> make_key_agreement(provider p,
                                                  const private_key& key) {
  if (p == provider::batch && agreeing_kernel() != nullptr)
    return make_batch_agreement(*agreeing_kernel(), key);
  return std::make_unique<openssl_agreement>(key);
}

std::string agreement_description(provider p) {
  return p == provider::batch && agreeing_kernel() != nullptr
             ? description(p)
             : std::string(to_text(provider::openssl));
}

std::string ledger_description(provider p) {
  auto text = description(p);
  const auto signing = text;
  if (const auto other = verifying_description(p); other != signing)
    text += "; verified by " + other;
  if (const auto other = agreement_description(p); other != signing)
    text += "; keys agreed by " + other;
  return text;
}

} // namespace chancery::crypto
