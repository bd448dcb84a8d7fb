// SPDX-License-Identifier: Apache-2.0
#pragma once

// Chooses the kernel for this processor. A kernel is usable only when it makes
// the signatures that RFC 6979 A.2.5 prints, in every lane. Thread-safe, except
// prepare_and_test().

#include "crypto/p256/kernel.hpp"

#include <span>

namespace chancery::crypto::p256 {

/// Fills the kernel's tables and tests it. Not thread-safe.
bool prepare_and_test(const kernel& k);

/// The kernels that run on this processor and pass their test, fastest first.
/// The first call fills their tables, which takes some milliseconds.
std::span<const kernel* const> usable_kernels();

/// The kernels that run on this processor, whether they pass or not.
std::span<const kernel* const> kernels_of_this_processor();

} // namespace chancery::crypto::p256
