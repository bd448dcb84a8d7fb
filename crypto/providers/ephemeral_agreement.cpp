// SPDX-License-Identifier: Apache-2.0

// Agreement of ephemeral keys by libcrypto, and by p256/ for many.

#include "crypto/providers/ephemeral_agreement.hpp"

#include "crypto/base/bytes.hpp"
#include "crypto/base/secret.hpp"
#include "crypto/p256/kernel_memory.hpp"
#include "crypto/p256/point_table.hpp"
#include "crypto/providers/outruns.hpp"
#include "crypto/providers/p256_ecdh.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <utility>
#include <vector>

namespace chancery::crypto {

namespace {

/// A random scalar is unusable once in 2^32.
constexpr int attempts_max = 4;

/// Keys of a self-test: more than the lanes of any machine, and not a multiple
/// of their number.
constexpr std::size_t tried = 19;

void require_sizes(std::span<sec1_point> points, std::span<std::byte> shared) {
  if (shared.size() != 32 * points.size())
    throw std::invalid_argument("shared secrets do not fit the points");
}

class openssl_ephemerals final : public ephemeral_agreement {
 public:
  explicit openssl_ephemerals(const public_key& recipient)
      : recipient_(to_sec1(recipient)) {}

  void agree_batch(std::span<sec1_point> points,
                   std::span<std::byte> shared) override {
    require_sizes(points, shared);
    for (std::size_t i = 0; i < points.size(); ++i)
      if (!p256_ecdh::ephemeral(points[i]).agree(
              recipient_, shared.subspan(32 * i).first<32>()))
        throw std::runtime_error("libcrypto cannot agree on a key");
  }

 private:
  sec1_point recipient_;
};

class batch_ephemerals final : public ephemeral_agreement {
 public:
  batch_ephemerals(const p256::kernel& k, const public_key& recipient,
                   random_source random)
      : kernel_(k), random_(std::move(random)), by_libcrypto_(recipient),
        key_table_(k.key_table_size), scratch_(k.multiplying_scratch_size),
        scalars_(block_max()), coordinates_(64 * block_max()),
        again_(std::make_unique<bool[]>(block_max())) {
    k.make_key_table(
        p256::odd_multiples(p256::affine_point_from(octets(recipient.point())),
                            k.key_window_bits, k.key_windows)
            .data(),
        key_table_.get());
    trusted_ = agrees_as_libcrypto(to_sec1(recipient));
  }

  void agree_batch(std::span<sec1_point> points,
                   std::span<std::byte> shared) override {
    require_sizes(points, shared);
    if (!trusted_)
      return by_libcrypto_.agree_batch(points, shared);
    const wiping wiping_at_the_end{*this};
    for (std::size_t i = 0; i < points.size(); i += block_max()) {
      const auto count = std::min(block_max(), points.size() - i);
      agree(points.subspan(i, count), shared.subspan(32 * i, 32 * count), 0);
    }
  }

 private:
  using secret_words = std::vector<p256::words, wiping_allocator<p256::words>>;

  /// Whatever the random source or libcrypto throws.
  struct wiping {
    batch_ephemerals& all;
    ~wiping() { wipe(std::as_writable_bytes(std::span(all.scalars_))); }
  };

  std::size_t block_max() const {
    return static_cast<std::size_t>(kernel_.block_max);
  }

  void agree(std::span<sec1_point> points, std::span<std::byte> shared,
             int attempt) {
    if (attempt == attempts_max)
      throw std::runtime_error(
          "several random scalars in a row are unusable, which does not happen "
          "by chance: the random source or the processor is at fault");
    random_(std::as_writable_bytes(std::span(scalars_).first(points.size())));
    multiply(points, shared);
    std::vector<std::size_t> again;
    for (std::size_t i = 0; i < points.size(); ++i)
      if (again_[i])
        again.push_back(i);
    for (const auto i : again)
      agree(points.subspan(i, 1), shared.subspan(32 * i, 32), attempt + 1);
  }

  /// For the first of scalars_.
  void multiply(std::span<sec1_point> points, std::span<std::byte> shared) {
    kernel_.multiply({.count = static_cast<int>(points.size()),
                      .scalars = scalars_.data(),
                      .key_table = key_table_.get(),
                      .points = coordinates_.data(),
                      .shared = octets(shared),
                      .again = again_.get()},
                     scratch_.get());
    for (std::size_t i = 0; i < points.size(); ++i) {
      points[i].front() = std::byte{0x04};
      std::ranges::copy(
          std::as_bytes(std::span(coordinates_).subspan(64 * i, 64)),
          points[i].begin() + 1);
    }
  }

  /// The kernel's self-test, in every lane: a random key e and its negative
  /// n - e, whose point has the other y, and the same shared secret.
  bool agrees_as_libcrypto(const sec1_point& recipient) {
    const wiping wiping_at_the_end{*this};
    const auto key = private_key::generate(curve::p256, system_random());
    std::array<std::byte, 32> shared_with_it{};
    if (!p256_ecdh(key).agree(recipient, shared_with_it))
      return false;
    scalars_[0] = p256::from_bytes(octets(key.scalar()));
    p256::subtract(scalars_[1], p256::group_order, scalars_[0]);
    std::array<sec1_point, 2> expected{to_sec1(key.public_half())};
    expected[1] = negative_of(expected[0]);
    for (std::size_t i = 2; i < tried; ++i)
      scalars_[i] = scalars_[i % 2];
    std::array<sec1_point, tried> points{};
    std::array<std::byte, 32 * tried> shared{};
    multiply(points, shared);
    bool equal = true;
    for (std::size_t i = 0; i < tried; ++i)
      equal &= !again_[i] && points[i] == expected[i % 2] &&
               std::ranges::equal(std::span(shared).subspan(32 * i, 32),
                                  shared_with_it);
    wipe(shared_with_it);
    wipe(shared);
    return equal;
  }

  static sec1_point negative_of(sec1_point point) {
    const auto y = std::span(point).subspan(33);
    p256::words negated;
    p256::subtract(negated, p256::field_prime, p256::from_bytes(octets(y)));
    p256::to_bytes(negated, octets(y));
    return point;
  }

  const p256::kernel& kernel_;
  random_source random_;
  openssl_ephemerals by_libcrypto_;
  p256::kernel_memory key_table_;
  p256::kernel_memory scratch_;
  secret_words scalars_; // of one block
  std::vector<unsigned char> coordinates_;
  std::unique_ptr<bool[]> again_;
  bool trusted_ = false;
};

bool outruns_openssl_in_ephemerals(const p256::kernel& k) {
  const auto key = private_key::generate(curve::p256, system_random());
  std::array<sec1_point, 16> points;
  std::array<std::byte, 32 * points.size()> shared;
  const auto work_of = [&](ephemeral_agreement& own) {
    return [&] { own.agree_batch(points, shared); };
  };
  batch_ephemerals ours(k, key.public_half(), system_random());
  openssl_ephemerals theirs(key.public_half());
  return outruns(work_of(ours), work_of(theirs));
}

/// The kernel that multiplies faster than libcrypto; null if there is none.
const p256::kernel* multiplying_kernel() {
  static const auto* const found = faster_kernel(outruns_openssl_in_ephemerals);
  return found;
}

} // namespace

std::unique_ptr<ephemeral_agreement> make_batch_ephemeral_agreement(
    const p256::kernel& k, const public_key& recipient, random_source random) {
  return std::make_unique<batch_ephemerals>(k, recipient, std::move(random));
}

std::unique_ptr<ephemeral_agreement>
make_ephemeral_agreement(provider p, const public_key& recipient,
                         random_source random) {
  if (p == provider::batch && multiplying_kernel() != nullptr)
    return make_batch_ephemeral_agreement(*multiplying_kernel(), recipient,
                                          std::move(random));
  return std::make_unique<openssl_ephemerals>(recipient);
}

} // namespace chancery::crypto
