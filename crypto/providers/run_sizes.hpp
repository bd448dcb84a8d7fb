// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "crypto/base/curve.hpp"
#include "crypto/keys/signature.hpp"

#include <cstddef>
#include <span>
#include <stdexcept>

namespace chancery::crypto {

/// Checks one call of sign_batch. `Run` has a `count` of digests. Throws
/// std::invalid_argument unless the counts add up to the digests and each
/// digest has room for its signature.
template <class Run>
void require_run_sizes(curve c, std::span<const Run> runs,
                       std::span<const std::byte> digests,
                       std::span<const std::byte> signatures) {
  auto left = digests.size() / field_size(c);
  if (digests.size() % field_size(c) != 0 ||
      signatures.size() != left * signature_size(c))
    throw std::invalid_argument("digests and signatures do not match in size");
  for (const auto& run : runs) {
    if (run.count > left)
      throw std::invalid_argument("the runs name more digests than there are");
    left -= run.count;
  }
  if (left != 0)
    throw std::invalid_argument("the runs name fewer digests than there are");
}

} // namespace chancery::crypto
