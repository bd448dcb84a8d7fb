// SPDX-License-Identifier: Apache-2.0

// Compares the key agreement of this processor's kernels with Botan's
// multiples, and with each other.

#include "crypto/p256/kernel_memory.hpp"
#include "fixture.hpp"

#include <botan/ec_group.h>
#include <botan/numthry.h>

#include <boost/test/unit_test.hpp>

#include "../fixture.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>

BOOST_AUTO_TEST_SUITE(agreeing_test)

using namespace chancery::crypto;
using namespace chancery::crypto::p256;
using namespace chancery::crypto::p256::test;
using Botan::BigInt;
using chancery::crypto::test::replayed_random;

namespace {

struct peer {
  words x, y;
};

struct agreements {
  bool done = true;
  std::vector<words> shared;
  std::vector<bool> on_curve;

  bool operator==(const agreements& other) const {
    return done == other.done && on_curve == other.on_curve &&
           std::ranges::equal(shared, other.shared, {}, big, big);
  }
};

peer peer_of(const Botan::PointGFp& p) {
  return {small(p.get_affine_x()), small(p.get_affine_y())};
}

agreements agree(const kernel& k, const BigInt& scalar,
                 std::span<const peer> peers) {
  const auto secret = small(scalar);
  const kernel_memory memory(k.agreeing_scratch_size);
  agreements out;
  const auto most = static_cast<std::size_t>(k.agreement_max);
  for (std::size_t i = 0; i < peers.size(); i += most) {
    const auto count = std::min(peers.size() - i, most);
    std::vector<words> x, y;
    for (const auto& p : peers.subspan(i, count)) {
      x.push_back(p.x);
      y.push_back(p.y);
    }
    const auto on_curve = std::make_unique<bool[]>(count);
    std::vector<unsigned char> shared(32 * count, 0xee);
    out.done &= k.agree({.count = static_cast<int>(count),
                         .scalar = &secret,
                         .x = x.data(),
                         .y = y.data(),
                         .on_curve = on_curve.get(),
                         .shared = shared.data()},
                        memory.get());
    for (std::size_t j = 0; j < count; ++j) {
      out.shared.push_back(from_bytes(&shared[32 * j]));
      out.on_curve.push_back(on_curve[j]);
    }
  }
  return out;
}

/// Points that an attacker could try: small multiples of the base point and
/// their negatives, halves, points that are near each other, x = 0.
std::vector<Botan::PointGFp> adversarial_points() {
  std::vector<Botan::PointGFp> points;
  for (int i = 1; i <= 34; ++i) {
    points.push_back(multiple(i));
    points.push_back(multiple(order() - i));
  }
  for (const std::size_t bit : {4, 8, 128, 251, 252, 255})
    for (const int i : {-1, 0, 1})
      points.push_back(multiple((BigInt::power_of_2(bit) + i) % order()));
  for (const int divisor : {2, 3, 16, 31})
    points.push_back(multiple(Botan::inverse_mod(divisor, order())));
  const auto root = Botan::ressol(big(curve_b), prime());
  points.push_back(group().point(0, root));
  return points;
}

/// Scalars whose windows are alike, or that end near a modulus. Without 2 and
/// n - 2.
std::vector<BigInt> adversarial_scalars() {
  std::vector<BigInt> scalars;
  const auto add = [&](const BigInt& k) {
    if (k > 0 && k < order() && k != 2 && k != order() - 2)
      scalars.push_back(k);
  };
  for (int i = 1; i <= 34; ++i) {
    add(i);
    add(order() - i);
  }
  for (const auto& value : awkward_values()) {
    add(big(value));
    add(order() - big(value));
  }
  return scalars;
}

std::size_t wrong_ones(const kernel& k, const BigInt& scalar,
                       std::span<const Botan::PointGFp> points) {
  std::vector<peer> peers;
  for (const auto& point : points)
    peers.push_back(peer_of(point));
  const auto out = agree(k, scalar, peers);
  std::size_t wrong = out.done ? 0 : points.size();
  for (std::size_t i = 0; i < points.size(); ++i)
    wrong += !out.on_curve[i] ||
             big(out.shared[i]) != (points[i] * scalar).get_affine_x();
  return wrong;
}

} // namespace

BOOST_AUTO_TEST_CASE(adversarial_points_give_what_botan_computes) {
  const auto points = adversarial_points();
  const auto random = replayed_random(21);
  for (const auto* k : usable_kernels())
    for (int i = 0; i < 4; ++i) {
      const auto scalar = i == 0 ? order() - 1 : random_scalar(random);
      BOOST_TEST(wrong_ones(*k, scalar, points) == 0u, k->name);
    }
}

BOOST_AUTO_TEST_CASE(adversarial_scalars_give_what_botan_computes) {
  const auto random = replayed_random(22);
  const std::vector<Botan::PointGFp> points{
      multiple(1), multiple(random_scalar(random)), multiple(order() - 1)};
  for (const auto* k : usable_kernels())
    for (const auto& scalar : adversarial_scalars())
      BOOST_TEST(wrong_ones(*k, scalar, points) == 0u, k->name);
}

BOOST_AUTO_TEST_CASE(kernels_agree_for_every_count) {
  const auto random = replayed_random(23);
  std::vector<peer> peers;
  for (const std::size_t count :
       {1, 2, 7, 8, 9, 15, 16, 17, 24, 25, 63, 64, 65, 130}) {
    while (peers.size() < count)
      peers.push_back(peer_of(multiple(random_scalar(random))));
    const auto scalar = random_scalar(random);
    const auto first = agree(*usable_kernels().front(), scalar, peers);
    BOOST_TEST(first.done);
    BOOST_TEST(std::ranges::count(first.on_curve, false) == 0);
    BOOST_TEST((first == agree(*usable_kernels().back(), scalar, peers)));
    const auto at = count - 1;
    const auto point = group().point(big(peers[at].x), big(peers[at].y));
    BOOST_TEST((big(first.shared[at]) == (point * scalar).get_affine_x()));
  }
}

BOOST_AUTO_TEST_CASE(two_that_agree_share_a_secret) {
  const auto random = replayed_random(24);
  const auto* wanted = std::getenv("CHANCERY_AGREEMENTS");
  const auto rounds =
      wanted == nullptr ? 40 : std::strtoull(wanted, nullptr, 10);
  for (const auto* k : usable_kernels())
    for (unsigned long long i = 0; i < rounds; ++i) {
      const auto a = random_scalar(random), b = random_scalar(random);
      const std::vector<peer> of_a{peer_of(multiple(a))};
      const std::vector<peer> of_b{peer_of(multiple(b))};
      BOOST_TEST((agree(*k, a, of_b) == agree(*k, b, of_a)));
    }
}

BOOST_AUTO_TEST_CASE(what_is_not_a_point_is_refused_alone) {
  const auto random = replayed_random(25);
  std::vector<peer> good;
  for (int i = 0; i < 40; ++i)
    good.push_back(peer_of(multiple(random_scalar(random))));
  auto peers = good;
  const auto bad = [&](std::size_t at, const BigInt& x, const BigInt& y) {
    peers[at] = {small(x), small(y)};
  };
  const auto root = Botan::ressol(big(curve_b), prime());
  bad(0, 0, 0);
  bad(3, prime(), root); // x = 0 in another spelling
  bad(9, 0, prime());
  bad(10, big(good[10].x), big(good[10].y) + 1);
  bad(15, big(good[15].y), big(good[15].x));
  bad(16, big(good[16].x) + 1, big(good[16].y));
  bad(17, BigInt::power_of_2(256) - 1, BigInt::power_of_2(256) - 1);
  bad(18, big(base_x), prime() - 1);
  // On y^2 = x^3 - 3x + 1, a curve with points of small orders.
  bad(31, 0, 1);
  bad(39, 1, prime());
  const std::vector<std::size_t> at{0, 3, 9, 10, 15, 16, 17, 18, 31, 39};
  const auto scalar = random_scalar(random);
  for (const auto* k : usable_kernels()) {
    const auto usual = agree(*k, scalar, good);
    const auto out = agree(*k, scalar, peers);
    BOOST_TEST(out.done);
    for (std::size_t i = 0; i < peers.size(); ++i) {
      const bool is_bad = std::ranges::count(at, i) > 0;
      BOOST_TEST(out.on_curve[i] != is_bad);
      BOOST_TEST(
          (big(out.shared[i]) == (is_bad ? BigInt(0) : big(usual.shared[i]))));
    }
  }
}

BOOST_AUTO_TEST_CASE(only_two_scalars_are_given_up) {
  const std::vector<peer> peers(9, peer_of(multiple(5)));
  for (const auto* k : usable_kernels())
    for (int i = 1; i <= 40; ++i)
      for (const auto& scalar : {BigInt(i), order() - i}) {
        const auto out = agree(*k, scalar, peers);
        BOOST_TEST(out.done == (i != 2));
        BOOST_TEST((out.done || big(out.shared[8]).is_zero()));
      }
}

BOOST_AUTO_TEST_CASE(nothing_of_the_secret_stays_in_a_kernels_memory) {
  const auto random = replayed_random(26);
  std::vector<words> x, y;
  for (int i = 0; i < 11; ++i) {
    const auto p = peer_of(multiple(random_scalar(random)));
    x.push_back(p.x);
    y.push_back(p.y);
  }
  for (const auto* k : usable_kernels()) {
    const auto left_by = [&](const words& secret) {
      const kernel_memory memory(k->agreeing_scratch_size);
      std::memset(memory.get(), 0, k->agreeing_scratch_size);
      bool on_curve[11];
      unsigned char shared[32 * 11];
      k->agree({.count = 11,
                .scalar = &secret,
                .x = x.data(),
                .y = y.data(),
                .on_curve = on_curve,
                .shared = shared},
               memory.get());
      const auto* bytes = static_cast<const unsigned char*>(memory.get());
      return std::vector(bytes, bytes + k->agreeing_scratch_size);
    };
    BOOST_TEST((left_by(small(random_scalar(random))) ==
                left_by(small(random_scalar(random)))));
  }
}

BOOST_AUTO_TEST_SUITE_END()
