// SPDX-License-Identifier: Apache-2.0

// Compiled for AVX-512 IFMA, and called only where the processor has it. The
// linker must not use a function compiled here for other files, so everything
// is inlined or in unnamed namespaces; a test in tests/crypto/p256 checks that.

#include "crypto/p256/ifma_machine.hpp"
#include "crypto/p256/kernel_parts.hpp"

namespace chancery::crypto::p256 {

const kernel& ifma_kernel() {
  static constexpr kernel k = kernel_parts<ifma>::make("AVX-512 IFMA");
  return k;
}

} // namespace chancery::crypto::p256
