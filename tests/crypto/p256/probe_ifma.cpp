// SPDX-License-Identifier: Apache-2.0

// Compiled for AVX-512 IFMA, like kernel_ifma.cpp.

#include "crypto/p256/ifma_machine.hpp"
#include "probe_parts.hpp"

namespace chancery::crypto::p256::test {

const probe& ifma_probe() {
  static constexpr probe p = probe_parts<ifma>::make("AVX-512 IFMA", true);
  return p;
}

} // namespace chancery::crypto::p256::test
