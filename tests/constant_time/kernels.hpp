// SPDX-License-Identifier: Apache-2.0
#pragma once

// The kernels that valgrind looks at: the portable one as it is, the one for
// AVX-512 with its instructions in plain C++, and two that leak on purpose.

#include "crypto/p256/kernel.hpp"

namespace chancery::constant_time {

/// The source of the kernel for AVX-512, with emulated/immintrin.h.
const crypto::p256::kernel& emulated_kernel();

/// The portable kernel, but a bit of the nonce decides a branch.
const crypto::p256::kernel& branching_kernel();

/// The portable kernel, but a table is read at a place that the nonce names.
const crypto::p256::kernel& indexing_kernel();

/// Makes its table and returns it.
const crypto::p256::kernel& prepared(const crypto::p256::kernel& k);

} // namespace chancery::constant_time
