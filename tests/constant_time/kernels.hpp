// SPDX-License-Identifier: Apache-2.0
#pragma once

// The kernels that run under valgrind beside the portable one: the AVX-512 one
// with its intrinsics in plain C++, and three that leak on purpose.

#include "crypto/p256/kernel.hpp"

namespace chancery::constant_time {

/// Scalars that the sums in windows of so many bits give up: the last addition
/// meets two points with the same x.
inline constexpr crypto::p256::words met_with_five_bits{
    {0x0c46353d039cdaaf, 0x4319055258e8617b, 0xfffffffe00000000,
     0xffffffff00000000}};
inline constexpr crypto::p256::words met_with_seven_bits{
    {0x0c46353d039cdaaf, 0x4319055258e8617b, 0x0000000000000000,
     0xfffffffeffffffff}};

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
