// SPDX-License-Identifier: Apache-2.0
#pragma once

// Verifying ECDSA (FIPS 186-4, 6.4; SEC 1, 4.1.4) for a block of signatures
// (r, s) of digests e under public keys Q: x(u1 G + u2 Q) mod n is r, where
//
//   u1 = e / s mod n      u2 = r / s mod n
//
// with the additions and inversions of signing.hpp, and a table for each key.
// The maker of a signature can choose points and scalars that lead to an
// addition of equal points, which leaves the signature undecided.

#include "crypto/p256/kernel.hpp"
#include "crypto/p256/point_sums.hpp"

namespace chancery::crypto::p256 {

template <class Machine>
struct verifying_scratch {
  using element = typename Machine::element;

  static constexpr int lane_count = Machine::lane_count;
  static constexpr int groups_max = Machine::groups_max;
  static constexpr int block_max = groups_max * lane_count;
  static constexpr int rows = Machine::windows + Machine::key_windows;

  // The last group is padded with copies of the last signature.
  words digests[block_max], r[block_max], s[block_max];
  words u1[block_max], u2[block_max], x[block_max];
  const void* tables[block_max];
  bool undecided[block_max];
  element over_s[groups_max], before[groups_max];
  point_sums<Machine, rows> sums;

  void verify(const verifying_block& in, const typename Machine::table& table) {
    const int groups = (in.count + lane_count - 1) / lane_count;
    take(in, groups * lane_count);
    for (int g = 0; g < groups; ++g)
      over_s[g] = Machine::load(s + g * lane_count);
    invert_row<Machine, order_n>(over_s, before, groups); // R^2 / s
    for (int g = 0; g < groups; ++g) {
      divide(digests, g, u1);
      divide(r, g, u2);
    }
    // Only a chosen digest makes u1 zero, and zero has no odd digits.
    for (int i = 0; i < groups * lane_count; ++i)
      if (is_zero(u1[i]) != 0) {
        undecided[i] = true;
        u1[i] = {{1, 0, 0, 0}};
      }
    for (int g = 0; g < groups; ++g)
      look_up(g, table);
    sums.add_rows(groups, undecided);
    for (int g = 0; g < groups; ++g)
      Machine::template store<field_p>(
          Machine::template multiply<field_p>(sums.points[0][g].x,
                                              Machine::broadcast({{1}})),
          x + g * lane_count);
    give(in);
  }

  void take(const verifying_block& in, int filled) {
    for (int i = 0; i < filled; ++i) {
      const int from = i < in.count ? i : in.count - 1;
      digests[i] = reduce_once(in.digests[from], group_order);
      r[i] = in.r[from];
      s[i] = in.s[from];
      tables[i] = in.key_tables[from];
      undecided[i] = false;
    }
  }

  /// quotients = numbers / s mod n.
  void divide(const words* numbers, int g, words* quotients) {
    const int at = g * lane_count;
    const auto times_r = Machine::template multiply<order_n>(
        Machine::load(numbers + at), over_s[g]);
    Machine::template store<order_n>(
        Machine::template multiply<order_n>(times_r, Machine::broadcast({{1}})),
        quotients + at);
  }

  void look_up(int g, const typename Machine::table& table) {
    constexpr int windows = Machine::windows,
                  key_windows = Machine::key_windows;
    const int at = g * lane_count;
    const auto by_base =
        Machine::template recode<Machine::window_bits, windows>(u1 + at);
    const auto by_key =
        Machine::template recode<Machine::key_window_bits, key_windows>(u2 +
                                                                        at);
    for (int w = 0; w < windows; ++w)
      Machine::look_up_signed(sums.points[w][g].x, sums.points[w][g].y, table,
                              by_base, w);
    for (int w = 0; w < key_windows; ++w) {
      auto& p = sums.points[windows + w][g];
      Machine::look_up_each(p.x, p.y, tables + at, by_key, w);
    }
  }

  void give(const verifying_block& in) {
    for (int i = 0; i < in.count; ++i) {
      words difference;
      subtract(difference, reduce_once(x[i], group_order), r[i]);
      in.undecided[i] = undecided[i];
      in.valid[i] = !undecided[i] && is_zero(difference) != 0;
    }
  }
};

} // namespace chancery::crypto::p256
