// SPDX-License-Identifier: Apache-2.0
#pragma once

// For a block of secret scalars k and one public point P: the points k G (G:
// the base point) and the x of k P, which are the public halves and the shared
// secrets of ephemeral keys (SP 800-56A 6.2.2.2).
//
// Both products are sums of table entries (point_sums.hpp), and all additions
// of a level share one inversion. Each look-up reads its whole window. The
// sums are those of k or n - k, whichever is odd; where it was n - k, y is
// negated at the end, with a mask.

#include "crypto/p256/kernel.hpp"
#include "crypto/p256/point_sums.hpp"

namespace chancery::crypto::p256 {

template <class Machine>
struct multiplying_scratch {
  using element = typename Machine::element;

  static constexpr int lane_count = Machine::lane_count;
  static constexpr int groups_max = Machine::groups_max;
  static constexpr int block_max = groups_max * lane_count;
  static constexpr int base_rows = Machine::windows;
  static constexpr int rows = base_rows + Machine::key_windows;

  // The last group is padded with copies of the last scalar.
  words scalars[block_max];
  words x[block_max], y[block_max], shared[block_max];
  bool again[block_max];
  point_sums<Machine, rows> sums;

  void multiply(const multiplying_block& in,
                const typename Machine::table& base_table) {
    const int groups = (in.count + lane_count - 1) / lane_count;
    take(in, groups * lane_count);
    const auto& key_table =
        *static_cast<const typename Machine::key_table*>(in.key_table);
    for (int g = 0; g < groups; ++g) {
      look_up<base_rows>(g, base_table, 0);
      look_up<Machine::key_windows>(g, key_table, base_rows);
    }
    row_range parts[]{{0, base_rows}, {base_rows, Machine::key_windows}};
    sums.add_rows(parts, groups, again);
    for (int g = 0; g < groups; ++g) {
      const auto &base = sums.points[0][g], &key = sums.points[base_rows][g];
      store(base.x, g, x);
      store(base.y, g, y);
      store(key.x, g, shared);
    }
    give(in);
    wipe(groups);
  }

  /// A scalar that is out of range is replaced by 1.
  void take(const multiplying_block& in, int filled) {
    for (int i = 0; i < filled; ++i) {
      const auto& k = in.scalars[i < in.count ? i : in.count - 1];
      words less;
      const word in_range =
          p256::subtract(less, k, group_order) & (1 ^ is_zero(k));
      scalars[i] = select(mask_of(in_range), k, {{1}});
      again[i] = declassified(in_range) == 0;
      wipe_value(less);
    }
  }

  template <int Windows, class Table>
  void look_up(int g, const Table& table, int first_row) {
    auto digits = Machine::template recode<Table::bits, Windows>(
        scalars + g * lane_count);
    for (int w = 0; w < Windows; ++w) {
      auto& p = sums.points[first_row + w][g];
      Machine::look_up(p.x, p.y, table, digits, w);
    }
    wipe_value(digits);
  }

  static void store(const element& a, int g, words* to) {
    Machine::template store<field_p>(
        Machine::template multiply<field_p>(a, Machine::broadcast({{1}})),
        to + g * lane_count);
  }

  void give(const multiplying_block& in) {
    for (int i = 0; i < in.count; ++i) {
      words negated; // y is not zero
      p256::subtract(negated, field_prime, y[i]);
      to_bytes(x[i], in.points + 64 * i);
      to_bytes(select(mask_of(scalars[i].w[0] & 1), y[i], negated),
               in.points + 64 * i + 32);
      to_bytes(shared[i], in.shared + 32 * i);
      in.again[i] = again[i];
    }
  }

  void wipe(int groups) {
    sums.wipe(groups);
    wipe_value(scalars);
    wipe_value(x);
    wipe_value(y);
    wipe_value(shared);
  }
};

} // namespace chancery::crypto::p256
