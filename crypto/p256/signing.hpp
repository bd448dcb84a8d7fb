// SPDX-License-Identifier: Apache-2.0
#pragma once

// ECDSA (FIPS 186-4, 6.4; SEC 1, 4.1.3) of a block of digests e under keys d:
//
//   k    the nonce, in [1, n - 1]
//   r    x(k G) mod n, not zero
//   s    k^-1 (e + r d) mod n, not zero
//
// with all inversions of a kind shared. A Machine provides the arithmetic: ifma
// (ifma_field.hpp, ifma_machine.hpp) in eight lanes, or portable
// (portable_machine.hpp) in one.

#include "crypto/p256/kernel.hpp"
#include "crypto/p256/nonce.hpp"
#include "crypto/p256/point_sums.hpp"

namespace chancery::crypto::p256 {

template <class Machine>
struct signing_scratch {
  using element = typename Machine::element;

  static constexpr int lane_count = Machine::lane_count;
  static constexpr int groups_max = Machine::groups_max;
  static constexpr int windows = Machine::windows;
  static constexpr int block_max = groups_max * lane_count;

  // The last group is padded with copies of the last digest.
  words keys[block_max], digests[block_max], nonces[block_max];
  words r[block_max], s[block_max];
  bool again[block_max];
  typename Machine::scalar scalars[groups_max];
  element nonce[groups_max], before[groups_max];
  point_sums<Machine, windows> sums;
  nonce_maker<Machine> maker;

  void sign(const signing_block& in, const typename Machine::table& table) {
    const int groups = (in.count + lane_count - 1) / lane_count;
    take(in, groups * lane_count);
    make_nonces(in, groups * lane_count);
    for (int g = 0; g < groups; ++g)
      scalars[g] = Machine::template recode<Machine::window_bits, windows>(
          nonces + g * lane_count);
    for (int w = 0; w < windows; ++w)
      for (int g = 0; g < groups; ++g)
        Machine::look_up(sums.points[w][g].x, sums.points[w][g].y, table,
                         scalars[g], w);
    sums.add_rows(groups, again);
    for (int g = 0; g < groups; ++g)
      Machine::template store<field_p>(
          Machine::template multiply<field_p>(sums.points[0][g].x,
                                              Machine::broadcast({{1}})),
          r + g * lane_count);
    for (int i = 0; i < in.count; ++i)
      r[i] = reduce_once(r[i], group_order);
    for (int g = 0; g < groups; ++g)
      nonce[g] = Machine::load(nonces + g * lane_count);
    invert_row<Machine, order_n>(nonce, before, groups); // k^-1 R^2
    for (int g = 0; g < groups; ++g)
      finish(g);
    give(in);
    wipe(groups);
  }

  void wipe(int groups) {
    sums.wipe(groups);
    wipe_value(keys);
    wipe_value(digests);
    wipe_value(nonces);
    wipe_value(r);
    wipe_value(s);
    wipe_value(scalars);
    wipe_value(nonce);
    wipe_value(before);
    wipe_value(maker);
  }

  void take(const signing_block& in, int filled) {
    for (int i = 0; i < filled; ++i) {
      const int from = i < in.count ? i : in.count - 1;
      keys[i] = in.keys[from];
      digests[i] = reduce_once(in.digests[from], group_order);
      again[i] = false;
    }
  }

  void make_nonces(const signing_block& in, int filled) {
    if (in.nonces != nullptr) {
      for (int i = 0; i < filled; ++i)
        nonces[i] = in.nonces[i < in.count ? i : in.count - 1];
    } else {
      for (int i = 0; i < filled; i += Machine::word_lanes)
        maker.run({keys + i, digests + i, in.extra,
                   in.first + static_cast<std::uint32_t>(i), in.attempt},
                  nonces + i);
    }
    for (int i = 0; i < filled; ++i) {
      words less;
      const word in_range = p256::subtract(less, nonces[i], group_order) &
                            (1 ^ is_zero(nonces[i]));
      nonces[i] = select(mask_of(in_range), nonces[i], {{1}});
      if (declassified(in_range) == 0)
        again[i] = true;
    }
  }

  /// (r d / R + e / R) (k^-1 R^2) / R = s.
  void finish(int g) {
    const int at = g * lane_count;
    const auto rd = Machine::template multiply<order_n>(
        Machine::load(r + at), Machine::load(keys + at));
    const auto e = Machine::template multiply<order_n>(
        Machine::load(digests + at), Machine::broadcast({{1}}));
    Machine::template store<order_n>(
        Machine::template multiply<order_n>(
            Machine::template add<order_n>(rd, e), nonce[g]),
        s + at);
  }

  void give(const signing_block& in) {
    for (int i = 0; i < in.count; ++i) {
      to_bytes(r[i], in.signatures + 64 * i);
      to_bytes(s[i], in.signatures + 64 * i + 32);
      const word unusable = is_zero(r[i]) | is_zero(s[i]);
      in.again[i] = again[i] || declassified(unusable) != 0;
    }
  }
};

} // namespace chancery::crypto::p256
