// SPDX-License-Identifier: Apache-2.0
#include "tests/constant_time/kernels.hpp"

#include "crypto/p256/ifma_machine.hpp"
#include "crypto/p256/kernel_parts.hpp"

namespace chancery::constant_time {

namespace {

struct emulated : crypto::p256::ifma {
  static void wipe_registers() {}
};

} // namespace

const crypto::p256::kernel& emulated_kernel() {
  static constexpr auto k =
      crypto::p256::kernel_parts<emulated>::make("AVX-512 IFMA, emulated");
  return k;
}

} // namespace chancery::constant_time
