// SPDX-License-Identifier: Apache-2.0
#pragma once

// Which kernel this processor gets. A kernel counts only when it gives the
// signatures that RFC 6979 A.2.5 prints, in every lane. Any thread.

#include "crypto/p256/kernel.hpp"

#include <span>

namespace chancery::crypto::p256 {

/// Makes the kernel's table and tries it. Not for two threads at a time.
bool prepare_and_test(const kernel& k);

/// Those that run on this processor and passed their test, the fastest first.
/// The first call makes their tables, which takes some milliseconds.
std::span<const kernel* const> usable_kernels();

/// Those that run on this processor, whether they pass or not.
std::span<const kernel* const> kernels_of_this_processor();

} // namespace chancery::crypto::p256
