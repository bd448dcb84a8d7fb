// SPDX-License-Identifier: Apache-2.0
#pragma once

// The multiples of a point that a kernel looks up: of the base point, computed
// at the first use, so that no file of numbers has to be trusted; of public
// keys, to verify. No value is secret.

#include "crypto/p256/kernel.hpp"

#include <vector>

namespace chancery::crypto::p256 {

/// (2 e + 1) 2^(w i) P at index i * 2^(w - 1) + e, for w bits in each window i.
/// Takes 0.2 ms for five bits.
std::vector<affine_point> odd_multiples(const affine_point& p, int window_bits,
                                        int windows);

/// Converts plain coordinates, below p, to Montgomery form.
affine_point to_affine_point(const words& x, const words& y);

/// The same for 64 bytes x||y, big-endian.
affine_point affine_point_from(const unsigned char* point);

} // namespace chancery::crypto::p256
