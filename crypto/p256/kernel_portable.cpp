// SPDX-License-Identifier: Apache-2.0
#include "crypto/p256/kernel_parts.hpp"
#include "crypto/p256/portable_machine.hpp"

namespace chancery::crypto::p256 {

const kernel& portable_kernel() {
  static constexpr kernel k = kernel_parts<portable>::make("portable");
  return k;
}

} // namespace chancery::crypto::p256
