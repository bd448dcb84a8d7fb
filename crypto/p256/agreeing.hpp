// SPDX-License-Identifier: Apache-2.0
#pragma once

// ECDH (SP 800-56A 5.7.1.2; SEC 1, 3.3.1) of one secret scalar k with a block
// of points P: the x of k P, where P lies on the curve.
//
// Either k or n - k is odd, and both give the same x. An odd k below 2^256 is,
// in 64 windows of 4 bits, a sum of +-1, +-3 ... +-15 times 16^i, none of them
// zero (point_sums.hpp). So it is four doublings and one addition for each
// window but the highest, in Jacobian coordinates (x = X / Z^2, y = Y / Z^3),
// the same for all points: all lanes work on the same window. The table of each
// point's odd multiples is read whole, with masks.
//
// An addition of m P and d P has a special case only where m = +-d (mod n).
// Here m is a multiple of 16 and d is odd, both are below n, and P has the
// order n, whatever point of the curve it is. So there is none before the last
// window, and in the last one only where m = n - |d|, as n = 1 (mod 16): for k
// = 2 and k = n - 2. agree() returns false for these, as the sum comes out as
// (0, 0, 0).

#include "crypto/p256/kernel.hpp"
#include "crypto/p256/multiples.hpp"
#include "crypto/p256/recoding.hpp"

namespace chancery::crypto::p256 {

template <class Machine>
struct agreeing_scratch {
  using element = typename Machine::element;
  using multiples = odd_multiples_row<Machine>;
  using point = typename multiples::point;

  static constexpr int lane_count = Machine::lane_count;
  static constexpr int groups_max = Machine::agreeing_groups_max;
  static constexpr int block_max = groups_max * lane_count;
  static constexpr int window_bits = 4;
  static constexpr int windows = 256 / window_bits;

  struct jacobian_point {
    element x, y, z;
  };

  struct digit {
    word entry;    ///< index of an odd multiple
    word negative; ///< a mask
  };

  // The last group is padded with copies of the last point.
  words x[block_max], y[block_max], shared[block_max];
  bool on_curve[block_max];
  digit digits[windows];
  multiples table;
  element result[groups_max], z[groups_max], before[groups_max];

  /// False when the sums do not work for this scalar.
  bool agree(const agreement_block& in) {
    const int groups = (in.count + lane_count - 1) / lane_count;
    take(in, groups * lane_count);
    recode(*in.scalar);
    table.fill(groups);
    int g = 0;
    for (; g + 2 <= groups; g += 2)
      multiply<2>(g);
    if (g < groups)
      multiply<1>(g);
    const bool done = to_affine(groups);
    give(in, done);
    wipe(groups);
    return done;
  }

  void take(const agreement_block& in, int filled) {
    for (int i = 0; i < filled; ++i) {
      const int from = i < in.count ? i : in.count - 1;
      x[i] = in.x[from];
      y[i] = in.y[from];
      words less;
      on_curve[i] = (p256::subtract(less, x[i], field_prime) &
                     p256::subtract(less, y[i], field_prime)) == 1;
      if (!on_curve[i])
        put_base_point(i);
    }
    for (int at = 0; at < filled; at += lane_count)
      take_group(at);
  }

  void put_base_point(int i) {
    x[i] = base_x;
    y[i] = base_y;
  }

  /// Points that are not on the curve become the base point.
  void take_group(int at) {
    auto p = load_point(at);
    words off[lane_count];
    Machine::template store<field_p>(off_curve(p), off);
    bool any = false;
    for (int l = 0; l < lane_count; ++l)
      if (is_zero(off[l]) == 0) {
        on_curve[at + l] = false;
        put_base_point(at + l);
        any = true;
      }
    if (any)
      p = load_point(at);
    table.of[at / lane_count][0] = p;
  }

  point load_point(int at) const {
    const auto to_montgomery =
        Machine::broadcast(power_of_two<field_p>(2 * Machine::montgomery_bits));
    return {Machine::template multiply<field_p>(Machine::load(x + at),
                                                to_montgomery),
            Machine::template multiply<field_p>(Machine::load(y + at),
                                                to_montgomery)};
  }

  /// Zero where y^2 = (x^2 - 3) x + b.
  static element off_curve(const point& p) {
    const auto one = power_of_two<field_p>(Machine::montgomery_bits);
    const auto three = add_mod<field_p>(add_mod<field_p>(one, one), one);
    const auto b = Machine::template multiply<field_p>(
        Machine::broadcast(curve_b), Machine::broadcast(power_of_two<field_p>(
                                         2 * Machine::montgomery_bits)));
    const auto zero = Machine::broadcast({});
    const auto product = Machine::multiply_minus(
        Machine::square_minus(p.x, Machine::broadcast(three), zero), p.x, zero);
    const auto difference =
        Machine::subtract(Machine::square_minus(p.y, product, zero), b);
    return Machine::template multiply<field_p>(difference,
                                               Machine::broadcast({{1}}));
  }

  void recode(const words& scalar) {
    words half = odd_half(scalar);
    half.w[3] |= word{1} << 63;
    for (int w = 0; w < windows; ++w) {
      const int bit = window_bits * w;
      const word d = half.w[bit / 64] >> (bit % 64) & 15;
      digits[w].negative = mask_of(1 ^ d >> 3);
      digits[w].entry = (d ^ digits[w].negative) & 7;
    }
    wipe_value(half);
  }

  /// The digit's multiple of the point of each lane.
  point look_up(int g, const digit& d) const {
    auto p = table.of[g][0];
    for (int e = 1; e < multiples::odd; ++e) {
      const word same = mask_of(((static_cast<word>(e) ^ d.entry) - 1) >> 63);
      p.x = Machine::chosen(same, table.of[g][e].x, p.x);
      p.y = Machine::chosen(same, table.of[g][e].y, p.y);
    }
    p.y = Machine::chosen(d.negative,
                          Machine::subtract(Machine::broadcast({}), p.y), p.y);
    return p;
  }

  /// k P for `Width` groups, whose operations fill each other's waits.
  template <int Width>
  void multiply(int first) {
    jacobian_point sum[Width];
    point next[Width];
    for (int j = 0; j < Width; ++j) {
      next[j] = look_up(first + j, digits[windows - 1]);
      sum[j] = {
          next[j].x, next[j].y,
          Machine::broadcast(power_of_two<field_p>(Machine::montgomery_bits))};
    }
    for (int w = windows - 2; w >= 0; --w) {
      for (int bit = 0; bit < window_bits; ++bit)
        double_each(sum);
      for (int j = 0; j < Width; ++j)
        next[j] = look_up(first + j, digits[w]);
      add_each(sum, next);
    }
    for (int j = 0; j < Width; ++j) {
      result[first + j] = sum[j].x;
      z[first + j] = sum[j].z;
    }
    wipe_value(sum);
    wipe_value(next);
  }

  /// For a = -3: D. Bernstein, 2001, with delta = Z^2, gamma = Y^2,
  /// alpha = 3 (X - delta) (X + delta), beta = 4 X gamma.
  template <int Width>
  [[gnu::noinline]] static void double_each(jacobian_point (&p)[Width]) {
    using m = Machine;
    element delta[Width], gamma[Width], alpha[Width], beta[Width];
#pragma GCC unroll 4
    for (int j = 0; j < Width; ++j)
      delta[j] = m::square(p[j].z);
#pragma GCC unroll 4
    for (int j = 0; j < Width; ++j)
      gamma[j] = m::square(p[j].y);
#pragma GCC unroll 4
    for (int j = 0; j < Width; ++j)
      alpha[j] = m::template multiply_times<3>(
          m::subtract(p[j].x, delta[j]),
          m::template add<field_p>(p[j].x, delta[j]));
#pragma GCC unroll 4
    for (int j = 0; j < Width; ++j)
      beta[j] = m::template multiply_times<4>(p[j].x, gamma[j]);
#pragma GCC unroll 4
    for (int j = 0; j < Width; ++j)
      p[j].z = m::template multiply_times<2>(p[j].y, p[j].z);
#pragma GCC unroll 4
    for (int j = 0; j < Width; ++j)
      p[j].x = m::square_minus(alpha[j], beta[j], beta[j]);
#pragma GCC unroll 4
    for (int j = 0; j < Width; ++j)
      p[j].y = m::minus_eight_squares(alpha[j], m::subtract(beta[j], p[j].x),
                                      gamma[j]);
  }

  /// Adds an affine point to each sum, for H = x Z^2 - X, R = y Z^3 - Y:
  /// X' = R^2 - H^3 - 2 X H^2, Y' = R (X H^2 - X') - Y H^3, Z' = Z H.
  template <int Width>
  [[gnu::noinline]] static void add_each(jacobian_point (&p)[Width],
                                         const point (&q)[Width]) {
    using m = Machine;
    element square[Width], h[Width], r[Width], cube[Width], v[Width];
#pragma GCC unroll 4
    for (int j = 0; j < Width; ++j)
      square[j] = m::square(p[j].z);
#pragma GCC unroll 4
    for (int j = 0; j < Width; ++j)
      cube[j] = m::template multiply<field_p>(square[j], p[j].z);
#pragma GCC unroll 4
    for (int j = 0; j < Width; ++j)
      h[j] =
          m::subtract(m::template multiply<field_p>(q[j].x, square[j]), p[j].x);
#pragma GCC unroll 4
    for (int j = 0; j < Width; ++j)
      r[j] =
          m::subtract(m::template multiply<field_p>(q[j].y, cube[j]), p[j].y);
#pragma GCC unroll 4
    for (int j = 0; j < Width; ++j)
      square[j] = m::square(h[j]);
#pragma GCC unroll 4
    for (int j = 0; j < Width; ++j)
      p[j].z = m::template multiply<field_p>(p[j].z, h[j]);
#pragma GCC unroll 4
    for (int j = 0; j < Width; ++j)
      cube[j] = m::template multiply<field_p>(square[j], h[j]);
#pragma GCC unroll 4
    for (int j = 0; j < Width; ++j)
      v[j] = m::template multiply<field_p>(p[j].x, square[j]);
#pragma GCC unroll 4
    for (int j = 0; j < Width; ++j)
      p[j].x =
          m::square_minus(r[j], cube[j], m::template add<field_p>(v[j], v[j]));
#pragma GCC unroll 4
    for (int j = 0; j < Width; ++j)
      p[j].y = m::difference(r[j], m::subtract(v[j], p[j].x), p[j].y, cube[j]);
  }

  bool to_affine(int groups) {
    const bool done = invert_row<Machine, field_p>(z, before, groups);
    for (int g = 0; g < groups; ++g) {
      const auto times_r =
          Machine::template multiply<field_p>(Machine::square(z[g]), result[g]);
      Machine::template store<field_p>(Machine::template multiply<field_p>(
                                           times_r, Machine::broadcast({{1}})),
                                       shared + g * lane_count);
    }
    return done;
  }

  void give(const agreement_block& in, bool done) {
    for (int i = 0; i < in.count; ++i) {
      in.on_curve[i] = on_curve[i];
      to_bytes(done && on_curve[i] ? shared[i] : words{}, in.shared + 32 * i);
    }
  }

  void wipe(int groups) {
    const auto size = static_cast<std::size_t>(groups) * sizeof(element);
    wipe_value(shared);
    wipe_value(digits);
    wipe_bytes(result, size);
    wipe_bytes(z, size);
    wipe_bytes(before, size);
  }
};

} // namespace chancery::crypto::p256
