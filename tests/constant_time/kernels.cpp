// SPDX-License-Identifier: Apache-2.0
#include "tests/constant_time/kernels.hpp"

#include "crypto/p256/point_table.hpp"

namespace chancery::constant_time {

const crypto::p256::kernel& prepared(const crypto::p256::kernel& k) {
  using namespace crypto::p256;
  k.prepare(
      odd_multiples(to_affine_point(base_x, base_y), k.window_bits, k.windows)
          .data());
  return k;
}

} // namespace chancery::constant_time
