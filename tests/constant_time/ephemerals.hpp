// SPDX-License-Identifier: Apache-2.0
#pragma once

// The products of ephemeral keys, whose scalars are marked as undefined.

#include "crypto/p256/kernel.hpp"

#include <array>
#include <vector>

namespace chancery::constant_time {

struct ephemeral_products {
  static constexpr std::size_t count_max = 17;

  std::array<unsigned char, 64 * count_max> points{};
  std::array<unsigned char, 32 * count_max> shared{};
  std::array<bool, count_max> again{};

  bool operator==(const ephemeral_products&) const = default;
};

/// Multiplies blocks of scalars of several kinds, and ends the program when a
/// mark was lost, a secret is left in the scratch, or the result differs from
/// that of defined scalars. Returns the results of usable scalars, which must
/// be equal in all kernels.
std::vector<ephemeral_products> try_ephemerals(const crypto::p256::kernel& k);

} // namespace chancery::constant_time
