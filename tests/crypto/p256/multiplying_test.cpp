// SPDX-License-Identifier: Apache-2.0

// Compares the products of ephemeral keys by this processor's kernels with
// Botan's multiples, and with each other.

#include "crypto/p256/kernel_memory.hpp"
#include "crypto/p256/point_table.hpp"
#include "fixture.hpp"

#include <botan/ec_group.h>

#include <boost/test/unit_test.hpp>

#include "../fixture.hpp"

#include <algorithm>
#include <cstring>
#include <memory>

BOOST_AUTO_TEST_SUITE(multiplying_test)

using namespace chancery::crypto;
using namespace chancery::crypto::p256;
using namespace chancery::crypto::p256::test;
using Botan::BigInt;
using chancery::crypto::test::replayed_random;

namespace {

struct products {
  std::vector<BigInt> x, y, shared;
  std::vector<bool> again;

  bool operator==(const products&) const = default;
};

std::vector<words> some_scalars(std::size_t count,
                                const random_source& random) {
  std::vector<words> scalars;
  for (std::size_t i = 0; i < count; ++i)
    scalars.push_back(small(random_scalar(random)));
  return scalars;
}

kernel_memory table_of(const kernel& k, const Botan::PointGFp& point) {
  kernel_memory table(k.key_table_size);
  const auto p =
      to_affine_point(small(point.get_affine_x()), small(point.get_affine_y()));
  k.make_key_table(odd_multiples(p, k.key_window_bits, k.key_windows).data(),
                   table.get());
  return table;
}

products multiply(const kernel& k, std::span<const words> scalars,
                  const Botan::PointGFp& point) {
  const auto table = table_of(k, point);
  const kernel_memory memory(k.multiplying_scratch_size);
  products out;
  const auto most = static_cast<std::size_t>(k.block_max);
  for (std::size_t i = 0; i < scalars.size(); i += most) {
    const auto count = std::min(scalars.size() - i, most);
    std::vector<unsigned char> points(64 * count, 0xee);
    std::vector<unsigned char> shared(32 * count, 0xee);
    const auto again = std::make_unique<bool[]>(count);
    k.multiply({.count = static_cast<int>(count),
                .scalars = &scalars[i],
                .key_table = table.get(),
                .points = points.data(),
                .shared = shared.data(),
                .again = again.get()},
               memory.get());
    for (std::size_t j = 0; j < count; ++j) {
      out.x.push_back(big(from_bytes(&points[64 * j])));
      out.y.push_back(big(from_bytes(&points[64 * j + 32])));
      out.shared.push_back(big(from_bytes(&shared[32 * j])));
      out.again.push_back(again[j]);
    }
  }
  return out;
}

bool is_right(const products& out, std::size_t at, const BigInt& scalar,
              const Botan::PointGFp& point) {
  const auto base = multiple(scalar);
  return !out.again[at] && out.x[at] == base.get_affine_x() &&
         out.y[at] == base.get_affine_y() &&
         out.shared[at] == (point * scalar).get_affine_x();
}

std::size_t wrong_products(const kernel& k, std::span<const words> scalars,
                           const Botan::PointGFp& point) {
  const auto out = multiply(k, scalars, point);
  std::size_t wrong = 0;
  for (std::size_t i = 0; i < scalars.size(); ++i)
    wrong += !is_right(out, i, big(scalars[i]), point);
  return wrong;
}

/// Small ones, their negatives, and those near a modulus or the end of a word.
std::vector<words> special_scalars(int small_ones) {
  std::vector<words> scalars;
  const auto add = [&](const BigInt& k) {
    if (k > 0 && k < order())
      scalars.push_back(small(k));
  };
  for (int i = 1; i <= small_ones; ++i) {
    add(i);
    add(order() - i);
  }
  for (const auto& value : awkward_values()) {
    add(big(value));
    add(order() - big(value));
  }
  return scalars;
}

} // namespace

BOOST_AUTO_TEST_CASE(products_are_what_botan_computes) {
  const auto random = replayed_random(31);
  auto scalars = special_scalars(140);
  for (std::size_t bit = 2; bit < 256; ++bit)
    for (const int i : {-1, 0, 1})
      scalars.push_back(small(BigInt::power_of_2(bit) + i));
  for (int i = 0; i < 200; ++i)
    scalars.push_back(small(random_scalar(random)));
  const auto point = multiple(random_scalar(random));
  for (const auto* k : usable_kernels())
    BOOST_TEST(wrong_products(*k, scalars, point) == 0u, k->name);
}

BOOST_AUTO_TEST_CASE(any_point_may_be_the_recipient) {
  const auto random = replayed_random(32);
  std::vector<Botan::PointGFp> points;
  for (const int i : {1, 2, 3, 31, 32})
    for (const auto& m : {BigInt(i), order() - i})
      points.push_back(multiple(m));
  for (const std::size_t bit : {5, 128, 255})
    points.push_back(multiple(BigInt::power_of_2(bit)));
  auto scalars = special_scalars(33);
  scalars.resize(80);
  scalars.push_back(small(random_scalar(random)));
  for (const auto* k : usable_kernels())
    for (const auto& point : points)
      BOOST_TEST(wrong_products(*k, scalars, point) == 0u, k->name);
}

BOOST_AUTO_TEST_CASE(kernels_multiply_alike_for_every_count) {
  const auto random = replayed_random(33);
  const auto point = multiple(random_scalar(random));
  for (const std::size_t count : {1, 2, 7, 8, 9, 16, 17, 127, 128, 129}) {
    const auto scalars = some_scalars(count, random);
    const auto first = multiply(*usable_kernels().front(), scalars, point);
    BOOST_TEST((first == multiply(*usable_kernels().back(), scalars, point)));
    for (const std::size_t at : {std::size_t{0}, count / 2, count - 1})
      BOOST_TEST(is_right(first, at, big(scalars[at]), point));
  }
}

BOOST_AUTO_TEST_CASE(unusable_scalars_are_reported_alone) {
  const auto random = replayed_random(34);
  const auto point = multiple(random_scalar(random));
  for (const auto* k : usable_kernels()) {
    auto scalars = some_scalars(40, random);
    std::vector<std::size_t> bad;
    const auto put = [&](std::size_t at, const BigInt& scalar) {
      scalars[at] = small(scalar);
      bad.push_back(at);
    };
    put(1, 0);
    put(9, order());
    put(10, order() + 1);
    put(39, BigInt::power_of_2(256) - 1);
    // The sums of the base point, or those of the other one, give these up.
    const auto by_base = scalar_whose_halves_meet(k->window_bits);
    const auto by_point = scalar_whose_halves_meet(k->key_window_bits);
    BOOST_TEST(!by_point.is_zero());
    put(16, by_point);
    put(24, order() - by_point);
    if (!by_base.is_zero()) {
      put(2, by_base);
      put(31, order() - by_base);
    }
    const auto out = multiply(*k, scalars, point);
    for (std::size_t i = 0; i < scalars.size(); ++i) {
      const bool is_bad = std::ranges::count(bad, i) > 0;
      BOOST_TEST(out.again[i] == is_bad);
      if (!is_bad)
        BOOST_TEST(is_right(out, i, big(scalars[i]), point));
    }
  }
}

BOOST_AUTO_TEST_CASE(products_leave_nothing_in_a_kernels_memory) {
  const auto random = replayed_random(35);
  const auto scalars = some_scalars(128, random);
  const auto point = multiple(random_scalar(random));
  constexpr unsigned char untouched = 0x5a;
  for (const auto* k : usable_kernels())
    for (const int count : {1, 11, 128}) {
      const auto table = table_of(*k, point);
      const kernel_memory memory(k->multiplying_scratch_size);
      std::memset(memory.get(), untouched, k->multiplying_scratch_size);
      unsigned char points[64 * 128], shared[32 * 128];
      bool again[128];
      k->multiply({.count = count,
                   .scalars = scalars.data(),
                   .key_table = table.get(),
                   .points = points,
                   .shared = shared,
                   .again = again},
                  memory.get());
      const auto* left = static_cast<const unsigned char*>(memory.get());
      const auto* end = left + k->multiplying_scratch_size;
      const auto kept = std::count(left, end, untouched);
      const auto wiped = std::count(left, end, 0);
      // The flags for scalars to replace are also 0.
      BOOST_TEST(static_cast<std::size_t>(kept + wiped) ==
                 k->multiplying_scratch_size);
      BOOST_TEST(wiped > 20'000);
    }
}

BOOST_AUTO_TEST_SUITE_END()
