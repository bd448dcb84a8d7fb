// SPDX-License-Identifier: Apache-2.0

// Compiled for AVX-512 IFMA, and called only where the processor has it. So
// nothing of this file may be linked into the rest of the program: all that it
// makes is in unnamed namespaces or inlined (tests/crypto/p256 looks).

#include "crypto/p256/ifma_machine.hpp"
#include "crypto/p256/kernel_parts.hpp"

namespace chancery::crypto::p256 {

const kernel& ifma_kernel() {
  static constexpr kernel k = kernel_parts<ifma>::make("AVX-512 IFMA");
  return k;
}

} // namespace chancery::crypto::p256
