// SPDX-License-Identifier: Apache-2.0
#pragma once

// Key agreements with a scalar that is marked as undefined.

#include "crypto/p256/kernel.hpp"

#include <array>
#include <vector>

namespace chancery::constant_time {

using shared_secrets = std::array<unsigned char, 32 * 17>;

/// Agrees with blocks of points under scalars of several kinds, and ends the
/// program when a mark was lost, a secret is left in the scratch, or the result
/// differs from that of a defined scalar. Returns the results, which must be
/// equal in all kernels.
std::vector<shared_secrets> try_agreements(const crypto::p256::kernel& k);

} // namespace chancery::constant_time
