// SPDX-License-Identifier: Apache-2.0
#pragma once

// The multiples P, 3P, 5P ... 15P of many points P in affine coordinates, with
// four inversions for all of them. The points are public; nothing here is
// constant-time by need, though it is.
//
// Every point of the curve but infinity has the order n, a prime. So no two of
// these multiples have the same x, and no y is zero, whatever point it is: each
// divisor below is invertible.

#include "crypto/p256/shared_inversion.hpp"

namespace chancery::crypto::p256 {

/// Doubles where the two points are the same one.
struct multiple_step {
  int first, second; ///< indexes of what is added
  int sum;           ///< index of the result
};

template <class Machine>
struct odd_multiples_row {
  using element = typename Machine::element;

  static constexpr int groups_max = Machine::agreeing_groups_max;
  static constexpr int odd = 8;           ///< P, 3P ... 15P
  static constexpr int steps_at_once = 4; ///< most steps of a level

  struct point {
    element x, y;
  };

  /// The odd multiples, then 2P, 4P and 8P. In Montgomery form, below 2p.
  point of[groups_max][odd + 3];
  element divisors[steps_at_once * groups_max];
  element before[steps_at_once * groups_max];

  /// `of[g][0]` is P, for each of `groups` groups.
  void fill(int groups) {
    constexpr int p2 = odd, p4 = odd + 1, p8 = odd + 2;
    constexpr multiple_step first[] = {{0, 0, p2}};
    constexpr multiple_step second[] = {{p2, 0, 1}, {p2, p2, p4}};
    constexpr multiple_step third[] = {{p4, 0, 2}, {p4, 1, 3}, {p4, p4, p8}};
    constexpr multiple_step last[] = {
        {p8, 0, 4}, {p8, 1, 5}, {p8, 2, 6}, {p8, 3, 7}};
    add(first, groups);
    add(second, groups);
    add(third, groups);
    add(last, groups);
  }

  template <int Steps>
  void add(const multiple_step (&steps)[Steps], int groups) {
    for (int s = 0; s < Steps; ++s)
      for (int g = 0; g < groups; ++g)
        divisors[s * groups + g] = divisor(of[g], steps[s]);
    invert_row<Machine, field_p>(divisors, before, Steps * groups);
    for (int s = 0; s < Steps; ++s)
      for (int g = 0; g < groups; ++g)
        add_one(of[g], steps[s], divisors[s * groups + g]);
  }

  static element divisor(const point* p, const multiple_step& step) {
    const auto &a = p[step.first], &b = p[step.second];
    return step.first == step.second ? Machine::template add<field_p>(a.y, a.y)
                                     : Machine::subtract(b.x, a.x);
  }

  /// The slope of a tangent is 3 (x^2 - 1) / 2y.
  static void add_one(point* p, const multiple_step& step,
                      const element& inverse) {
    const auto &a = p[step.first], &b = p[step.second];
    const auto zero = Machine::broadcast({});
    const auto one =
        Machine::broadcast(power_of_two<field_p>(Machine::montgomery_bits));
    const auto rise = step.first == step.second
                          ? Machine::template multiply_times<3>(
                                Machine::square_minus(a.x, one, zero), one)
                          : Machine::subtract(b.y, a.y);
    const auto slope = Machine::template multiply<field_p>(inverse, rise);
    const auto x = Machine::square_minus(slope, a.x, b.x);
    p[step.sum] = {
        x, Machine::multiply_minus(slope, Machine::subtract(a.x, x), a.y)};
  }
};

} // namespace chancery::crypto::p256
