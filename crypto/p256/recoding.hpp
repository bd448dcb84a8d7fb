// SPDX-License-Identifier: Apache-2.0
#pragma once

// Makes a scalar odd, as the machines need it: k or n - k, whose multiples of
// the base point have the same x.

#include "crypto/p256/words.hpp"

namespace chancery::crypto::p256 {

/// Bits 1 to 255 of the odd one of k and n - k, for k in [1, n - 1].
CHANCERY_INLINE words odd_half(const words& k) {
  words negated;
  subtract(negated, group_order, k);
  const words odd = select(mask_of(k.w[0] & 1), k, negated);
  words half;
#pragma GCC unroll 4
  for (int i = 0; i < 4; ++i)
    half.w[i] = odd.w[i] >> 1 | (i < 3 ? odd.w[i + 1] << 63 : 0);
  return half;
}

} // namespace chancery::crypto::p256
