// SPDX-License-Identifier: Apache-2.0
#pragma once

// Sums of points in affine coordinates, for many scalars at a time.
//
// An odd scalar k below 2^m, m = windows * window_bits, is a sum of +-2^j over
// all j < m: + where bit j + 1 of k is set, and for j = m - 1. So each window
// is an odd number between -2^w and 2^w, never zero, and selects an entry of
// the window's table (all odd multiples of a point) and a sign. These points, a
// row for each window, are added in pairs, then their sums in pairs, and so on.
// All additions of a level, over all scalars, share one inversion, so an
// addition costs 5 products and a square instead of 7 and 4 in Jacobian
// coordinates. Two products of the same scalars with different points are two
// parts of the rows, which share these inversions too.
//
// Partial sums are odd multiples of different powers of two times a point. So
// the two points of an addition have the same x for only one or two scalars in
// 2^256 (or for a key that was chosen to cause it). Such a scalar is detected
// and given up.

#include "crypto/p256/shared_inversion.hpp"

namespace chancery::crypto::p256 {

/// Neighbouring rows with one sum. No two of a call overlap.
struct row_range {
  int first, count;
};

template <class Machine, int Rows>
struct point_sums {
  using element = typename Machine::element;

  static constexpr int lane_count = Machine::lane_count;
  static constexpr int groups_max = Machine::groups_max;

  struct point {
    element x, y;
  };

  point points[Rows][groups_max];
  element before[Rows / 2][groups_max];
  element running[chains];

  /// Sets points[0] to the sum of all rows, for each of `groups` groups, and
  /// given_up[lane] where that failed. In Montgomery form.
  void add_rows(int groups, bool* given_up) {
    row_range all[]{{0, Rows}};
    add_rows(all, groups, given_up);
  }

  /// The same for each part, whose sum replaces its first row.
  template <int Parts>
  void add_rows(row_range (&parts)[Parts], int groups, bool* given_up) {
    const auto most = [&] {
      int count = 0;
      for (const auto& part : parts)
        count = part.count > count ? part.count : count;
      return count;
    };
    while (most() > 1) {
      add_neighbours(parts, groups, given_up);
      for (auto& part : parts)
        part.count = (part.count + 1) / 2;
    }
  }

  /// Overwrites what would reveal the scalars of `groups` groups.
  void wipe(int groups) {
    const auto count = static_cast<std::size_t>(groups);
    for (auto& row : points)
      wipe_bytes(row, count * sizeof(point));
    for (auto& row : before)
      wipe_bytes(row, count * sizeof(element));
    wipe_value(running);
  }

  template <int Parts>
  void add_neighbours(const row_range (&parts)[Parts], int groups,
                      bool* given_up) {
    multiply_differences(parts, groups);
    if (!invert_lanes<Machine, field_p, chains>(running)) {
      for (const auto& part : parts)
        give_up_equal(part, groups, given_up);
      multiply_differences(parts, groups);
      invert_lanes<Machine, field_p, chains>(running);
    }
    int chain = 1;
    for (const auto& part : parts)
      chain ^= part.count / 2 * groups & 1;
    for (const auto& part : parts)
      chain = add(part, groups, chain);
  }

  /// Starts at the last pair, so that add() can overwrite what it has read.
  template <int Parts>
  void multiply_differences(const row_range (&parts)[Parts], int groups) {
    for (auto& r : running)
      r = Machine::broadcast(power_of_two<field_p>(Machine::montgomery_bits));
    int chain = 0;
    for (int p = Parts - 1; p >= 0; --p) {
      auto* row = points + parts[p].first;
      auto* products = before + parts[p].first / 2;
      for (int i = parts[p].count / 2 - 1; i >= 0; --i)
        for (int g = groups - 1; g >= 0; --g, chain ^= 1) {
          products[i][g] = running[chain];
          running[chain] = Machine::template multiply<field_p>(
              running[chain],
              Machine::subtract(row[2 * i + 1][g].x, row[2 * i][g].x));
        }
    }
  }

  /// Starts with this chain and returns the next one.
  int add(const row_range& part, int groups, int chain) {
    const int pairs = part.count / 2;
    auto* row = points + part.first;
    const auto* products = before + part.first / 2;
    for (int i = 0; i < pairs; ++i)
      for (int g = 0; g < groups; ++g, chain ^= 1) {
        const auto& a = row[2 * i][g];
        const auto& b = row[2 * i + 1][g];
        const auto inverse =
            Machine::template multiply<field_p>(running[chain], products[i][g]);
        running[chain] = Machine::template multiply<field_p>(
            running[chain], Machine::subtract(b.x, a.x));
        const auto slope = Machine::template multiply<field_p>(
            inverse, Machine::subtract(b.y, a.y));
        const auto x = Machine::square_minus(slope, a.x, b.x);
        const auto y =
            Machine::multiply_minus(slope, Machine::subtract(a.x, x), a.y);
        row[i][g] = {x, y};
      }
    if (part.count % 2 == 1)
      for (int g = 0; g < groups; ++g)
        row[pairs][g] = row[part.count - 1][g];
    return chain;
  }

  /// Changes one x of each equal pair, so that the inversion succeeds, and sets
  /// given_up for its scalar.
  void give_up_equal(const row_range& part, int groups, bool* given_up) {
    auto* row = points + part.first;
    words difference[lane_count], x[lane_count];
    for (int i = 0; i < part.count / 2; ++i)
      for (int g = 0; g < groups; ++g) {
        const auto d = Machine::subtract(row[2 * i + 1][g].x, row[2 * i][g].x);
        Machine::template store<field_p>(
            Machine::template multiply<field_p>(d, Machine::broadcast({{1}})),
            difference);
        Machine::template store<field_p>(row[2 * i][g].x, x);
        words other[lane_count];
        Machine::template store<field_p>(row[2 * i + 1][g].x, other);
        for (int l = 0; l < lane_count; ++l)
          if (declassified(is_zero(difference[l])) != 0) {
            given_up[g * lane_count + l] = true;
            other[l] = add_mod<field_p>(x[l], {{1}});
          }
        row[2 * i + 1][g].x = Machine::load(other);
      }
  }
};

} // namespace chancery::crypto::p256
