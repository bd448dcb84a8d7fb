// SPDX-License-Identifier: Apache-2.0
#pragma once

// The multiples of the base point that a kernel looks up. Nothing here is
// secret. Made when the program first signs, in a few milliseconds, so that no
// file of numbers has to be trusted.

#include "crypto/p256/kernel.hpp"

#include <vector>

namespace chancery::crypto::p256 {

/// The points that kernel::prepare takes.
std::vector<affine_point> generator_table(int window_bits, int windows);

} // namespace chancery::crypto::p256
