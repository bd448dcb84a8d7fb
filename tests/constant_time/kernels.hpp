// SPDX-License-Identifier: Apache-2.0
#pragma once

// The kernels that run under valgrind beside the portable one: the AVX-512 one
// with its intrinsics in plain C++, and three that leak on purpose.

#include "crypto/p256/kernel.hpp"

namespace chancery::constant_time {

/// The AVX-512 kernel's source, compiled with emulated/immintrin.h.
const crypto::p256::kernel& emulated_kernel();

/// The portable kernel with a branch on a bit of the nonce.
const crypto::p256::kernel& branching_kernel();

/// The portable kernel with a table look-up that the nonce indexes.
const crypto::p256::kernel& indexing_kernel();

/// The portable kernel with a branch where an agreement chooses from a table.
const crypto::p256::kernel& choosing_kernel();

/// Fills the kernel's table and returns the kernel.
const crypto::p256::kernel& prepared(const crypto::p256::kernel& k);

} // namespace chancery::constant_time
