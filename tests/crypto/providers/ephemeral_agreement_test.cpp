// SPDX-License-Identifier: Apache-2.0
#include "crypto/providers/ephemeral_agreement.hpp"

#include "crypto/p256/kernel_choice.hpp"
#include "crypto/p256/point_table.hpp"
#include "crypto/providers/key_agreement.hpp"
#include "tests/crypto/fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>
#include <set>
#include <stdexcept>
#include <vector>

BOOST_AUTO_TEST_SUITE(ephemeral_agreement_test)

using namespace chancery::crypto;
using namespace chancery::crypto::test;

namespace {

struct ephemerals {
  std::vector<sec1_point> points;
  std::vector<std::byte> shared;

  bool operator==(const ephemerals&) const = default;
};

ephemerals draw(ephemeral_agreement& keys, std::size_t count) {
  ephemerals out;
  out.points.resize(count);
  out.shared.resize(32 * count, std::byte{0xee});
  keys.agree_batch(out.points, out.shared);
  return out;
}

/// The recipient, whose libcrypto must find the same secrets.
struct receiver {
  private_key key = private_key::generate(curve::p256, system_random());

  const public_key& own() const { return key.public_half(); }

  bool shares(const ephemerals& drawn) const {
    std::vector<std::byte> shared(drawn.shared.size());
    const auto on_curve = std::make_unique<bool[]>(drawn.points.size());
    make_key_agreement(provider::openssl, key)
        ->agree_batch(drawn.points, shared,
                      {on_curve.get(), drawn.points.size()});
    return shared == drawn.shared &&
           std::all_of(on_curve.get(), on_curve.get() + drawn.points.size(),
                       [](bool each) { return each; });
  }

  std::unique_ptr<ephemeral_agreement> by(const p256::kernel& k,
                                          random_source random) const {
    return make_batch_ephemeral_agreement(k, own(), std::move(random));
  }
};

/// In its first call all places but the last two get scalars out of range.
random_source at_first_unusable(std::uint64_t seed) {
  return [first = true,
          good = replayed_random(seed)](std::span<std::byte> out) mutable {
    good(out);
    if (first) {
      const auto bad = out.first(out.size() - 64);
      std::ranges::fill(bad, std::byte{0xff});
      std::ranges::fill(bad.first(32), std::byte{0});
    }
    first = false;
  };
}

} // namespace

BOOST_FIXTURE_TEST_CASE(the_recipient_finds_the_same_secrets, receiver) {
  for (const auto p : {provider::openssl, provider::botan, provider::batch}) {
    const auto keys = make_ephemeral_agreement(p, own(), system_random());
    for (const std::size_t count : {0, 1, 2, 9})
      BOOST_TEST(shares(draw(*keys, count)));
  }
  for (const auto* k : p256::usable_kernels()) {
    const auto keys = by(*k, system_random());
    for (const std::size_t count : {0, 1, 2, 7, 8, 9, 16, 17, 127, 128, 129})
      BOOST_TEST(shares(draw(*keys, count)), k->name << " " << count);
  }
}

BOOST_FIXTURE_TEST_CASE(no_key_is_drawn_twice, receiver) {
  for (const auto p : {provider::openssl, provider::batch}) {
    const auto keys = make_ephemeral_agreement(p, own(), system_random());
    std::set<sec1_point> all;
    for (int i = 0; i < 3; ++i)
      all.merge([&] {
        const auto drawn = draw(*keys, 50).points;
        return std::set(drawn.begin(), drawn.end());
      }());
    BOOST_TEST(all.size() == 150u);
  }
}

BOOST_FIXTURE_TEST_CASE(kernels_draw_the_same_keys_from_a_source, receiver) {
  const auto first =
      draw(*by(*p256::usable_kernels().front(), replayed_random(1)), 20);
  const auto last =
      draw(*by(*p256::usable_kernels().back(), replayed_random(1)), 20);
  BOOST_TEST((first == last));
}

BOOST_FIXTURE_TEST_CASE(unusable_scalars_are_drawn_again, receiver) {
  for (const auto* k : p256::usable_kernels()) {
    const auto usual = draw(*by(*k, replayed_random(2)), 19);
    const auto drawn = draw(*by(*k, at_first_unusable(2)), 19);
    BOOST_TEST(shares(drawn));
    BOOST_TEST((drawn.points[0] != drawn.points[1]));
    BOOST_TEST((drawn.points[17] == usual.points[17]));
    BOOST_TEST((drawn.points[18] == usual.points[18]));
  }
}

BOOST_FIXTURE_TEST_CASE(a_broken_random_source_gives_no_keys, receiver) {
  const random_source zeros = [](std::span<std::byte> out) {
    std::ranges::fill(out, std::byte{0});
  };
  const random_source empty = [](std::span<std::byte>) {
    throw std::domain_error("no random bytes");
  };
  for (const auto* k : p256::usable_kernels()) {
    BOOST_CHECK_THROW(draw(*by(*k, zeros), 3), std::runtime_error);
    BOOST_CHECK_THROW(draw(*by(*k, empty), 3), std::domain_error);
  }
}

BOOST_FIXTURE_TEST_CASE(a_kernel_that_errs_draws_no_keys, receiver) {
  static const p256::kernel* honest;
  const auto lies = std::to_array<decltype(p256::kernel::multiply)>({
      [](const p256::multiplying_block& block, void* memory) {
        honest->multiply(block, memory);
        block.shared[32 * (block.count - 1)] ^= 1;
      },
      [](const p256::multiplying_block& block, void* memory) {
        honest->multiply(block, memory);
        block.points[64 * (block.count - 1) + 63] ^= 1;
      },
      [](const p256::multiplying_block& block, void* memory) {
        honest->multiply(block, memory);
        block.again[block.count - 1] = true;
      },
  });
  for (const auto* k : p256::usable_kernels()) {
    honest = k;
    for (const auto lie : lies) {
      auto lying = *k;
      lying.multiply = lie;
      BOOST_TEST(shares(draw(*by(lying, system_random()), 5)));
    }
    auto mistaken = *k;
    mistaken.make_key_table = [](const p256::affine_point*, void* table) {
      const auto base = p256::to_affine_point(p256::base_x, p256::base_y);
      honest->make_key_table(p256::odd_multiples(base, honest->key_window_bits,
                                                 honest->key_windows)
                                 .data(),
                             table);
    };
    BOOST_TEST(shares(draw(*by(mistaken, system_random()), 5)));
  }
}

BOOST_FIXTURE_TEST_CASE(sizes_and_curves_must_be_right, receiver) {
  const auto p384 = private_key::generate(curve::p384, system_random());
  std::vector<sec1_point> points(2);
  std::vector<std::byte> shared(63);
  for (const auto p : {provider::openssl, provider::batch}) {
    BOOST_CHECK_THROW(make_ephemeral_agreement(p, own(), system_random())
                          ->agree_batch(points, shared),
                      std::invalid_argument);
    BOOST_CHECK_THROW(
        make_ephemeral_agreement(p, p384.public_half(), system_random()),
        std::invalid_argument);
  }
  for (const auto* k : p256::usable_kernels())
    BOOST_CHECK_THROW(
        make_batch_ephemeral_agreement(*k, p384.public_half(), system_random()),
        std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
