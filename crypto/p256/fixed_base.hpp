// SPDX-License-Identifier: Apache-2.0
#pragma once

// Many multiples of the base point at a time, in affine coordinates.
//
// An odd scalar k below 2^m, m = windows * window_bits, is a sum of +-2^j over
// all j < m: + where bit j + 1 of k is set, and for j = m - 1. So each window
// is an odd number between -2^w and 2^w, never zero, and names an entry of the
// window's table (all its odd multiples) and a sign. The windows' points are
// added in pairs, then their sums in pairs, and so on. All additions of a
// level, over all scalars, share one inversion (P. Montgomery's trick, in
// "Speeding the Pollard and elliptic curve methods of factorization", 1987), so
// an addition costs 5 products and a square instead of 7 and 4 in Jacobian
// coordinates.
//
// Two points of a level never have the same x, but for one scalar or two in
// 2^256 at a level: partial sums are odd multiples of different powers of two
// times G. Such a scalar is noticed and given up.

#include "crypto/p256/declassified.hpp"
#include "crypto/p256/portable_field.hpp"
#include "crypto/p256/wiping.hpp"

namespace chancery::crypto::p256 {

/// Replaces each lane's a by a^-1 R^2 (R of the machine's Montgomery form), all
/// with one inversion. False, and nothing done, when one of them is zero.
template <class Machine, class Modulus, int Chains>
bool invert_lanes(typename Machine::element (&values)[Chains]) {
  constexpr int count = Chains * Machine::lane_count;
  words a[count], product[count];
  for (int c = 0; c < Chains; ++c)
    Machine::template store<Modulus>(values[c], a + c * Machine::lane_count);
  word zero = 0;
  for (const auto& value : a)
    zero |= is_zero(value);
  if (declassified(zero) != 0)
    return false;
  product[0] = a[0];
  for (int i = 1; i < count; ++i)
    product[i] = multiply<Modulus>(product[i - 1], a[i]);
  // invert() knows nothing of R = 2^256, in which the products above are.
  auto inverse = multiply<Modulus>(
      invert<Modulus>(product[count - 1]),
      power_of_two<Modulus>(2 * Machine::montgomery_bits + 256));
  for (int i = count - 1; i > 0; --i) {
    product[i] = multiply<Modulus>(inverse, product[i - 1]);
    inverse = multiply<Modulus>(inverse, a[i]);
  }
  product[0] = inverse;
  for (int c = 0; c < Chains; ++c)
    values[c] = Machine::load(product + c * Machine::lane_count);
  wipe_value(a);
  wipe_value(product);
  return true;
}

template <class Machine>
struct fixed_base {
  using element = typename Machine::element;
  using scalar = typename Machine::scalar;

  static constexpr int lane_count = Machine::lane_count;
  static constexpr int windows = Machine::windows;
  static constexpr int groups_max = Machine::groups_max;
  /// Products of neighbours are independent, so that one can begin before the
  /// other has ended.
  static constexpr int chains = 2;

  struct point {
    element x, y;
  };

  point points[windows][groups_max];
  element before[windows / 2][groups_max];
  element running[chains];

  /// points[0][g].x = x(k G) for the scalars of `groups` groups. Sets
  /// given_up[lane] where that failed. Montgomery form.
  void run(const typename Machine::table& table, const scalar* scalars,
           int groups, bool* given_up) {
    for (int w = 0; w < windows; ++w)
      for (int g = 0; g < groups; ++g)
        Machine::look_up(points[w][g].x, points[w][g].y, table, scalars[g], w);
    for (int left = windows; left > 1; left = (left + 1) / 2)
      add_neighbours(left, groups, given_up);
  }

  /// What scalars of so many groups have left here tells them.
  void wipe(int groups) {
    const auto count = static_cast<std::size_t>(groups);
    for (auto& row : points)
      wipe_bytes(row, count * sizeof(point));
    for (auto& row : before)
      wipe_bytes(row, count * sizeof(element));
    wipe_value(running);
  }

  void add_neighbours(int left, int groups, bool* given_up) {
    const int pairs = left / 2;
    multiply_differences(pairs, groups);
    if (!invert_lanes<Machine, field_p, chains>(running)) {
      give_up_equal(pairs, groups, given_up);
      multiply_differences(pairs, groups);
      invert_lanes<Machine, field_p, chains>(running);
    }
    add(pairs, groups);
    if (left % 2 == 1)
      for (int g = 0; g < groups; ++g)
        points[pairs][g] = points[left - 1][g];
  }

  /// The last pair first, so that add() can put its sums over what it has read.
  void multiply_differences(int pairs, int groups) {
    for (auto& r : running)
      r = Machine::broadcast(power_of_two<field_p>(Machine::montgomery_bits));
    int chain = 0;
    for (int i = pairs - 1; i >= 0; --i)
      for (int g = groups - 1; g >= 0; --g, chain ^= 1) {
        before[i][g] = running[chain];
        running[chain] = Machine::template multiply<field_p>(
            running[chain],
            Machine::subtract(points[2 * i + 1][g].x, points[2 * i][g].x));
      }
  }

  void add(int pairs, int groups) {
    int chain = (pairs * groups - 1) & 1;
    for (int i = 0; i < pairs; ++i)
      for (int g = 0; g < groups; ++g, chain ^= 1) {
        const auto& a = points[2 * i][g];
        const auto& b = points[2 * i + 1][g];
        const auto inverse =
            Machine::template multiply<field_p>(running[chain], before[i][g]);
        running[chain] = Machine::template multiply<field_p>(
            running[chain], Machine::subtract(b.x, a.x));
        const auto slope = Machine::template multiply<field_p>(
            inverse, Machine::subtract(b.y, a.y));
        const auto x = Machine::square_minus(slope, a.x, b.x);
        const auto y =
            Machine::multiply_minus(slope, Machine::subtract(a.x, x), a.y);
        points[i][g] = {x, y};
      }
  }

  /// Makes room between equal x, and says whose scalars those are.
  void give_up_equal(int pairs, int groups, bool* given_up) {
    words difference[lane_count], x[lane_count];
    for (int i = 0; i < pairs; ++i)
      for (int g = 0; g < groups; ++g) {
        const auto d =
            Machine::subtract(points[2 * i + 1][g].x, points[2 * i][g].x);
        Machine::template store<field_p>(
            Machine::template multiply<field_p>(d, Machine::broadcast({{1}})),
            difference);
        Machine::template store<field_p>(points[2 * i][g].x, x);
        words other[lane_count];
        Machine::template store<field_p>(points[2 * i + 1][g].x, other);
        for (int l = 0; l < lane_count; ++l)
          if (is_zero(difference[l]) != 0) {
            given_up[g * lane_count + l] = true;
            other[l] = add_mod<field_p>(x[l], {{1}});
          }
        points[2 * i + 1][g].x = Machine::load(other);
      }
  }
};

} // namespace chancery::crypto::p256
