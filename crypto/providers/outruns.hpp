// SPDX-License-Identifier: Apache-2.0
#pragma once

// Measures a kernel against libcrypto, where no vector kernel settles it. For
// .cpp files of this folder only.

#include "crypto/p256/kernel_choice.hpp"

#include <chrono>

namespace chancery::crypto {

/// Whether `ours` is clearly faster than `theirs` in most of the rounds.
template <class Ours, class Theirs>
bool outruns(const Ours& ours, const Theirs& theirs) {
  const auto seconds = [](const auto& work) {
    const auto begin = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() -
                                         begin)
        .count();
  };
  int won = 0;
  for (int i = 0; i < 5; ++i) // the first one warms both up
    won += seconds(ours) < 0.9 * seconds(theirs);
  return won >= 3;
}

/// The kernel that is faster than libcrypto: one with vectors, or one of which
/// `measured` says so. Null if there is none. Keep the answer, as it costs some
/// milliseconds.
template <class Measured>
const p256::kernel* faster_kernel(const Measured& measured) {
  const auto kernels = p256::usable_kernels();
  const bool faster = !kernels.empty() && (kernels.front()->lanes > 1 ||
                                           measured(*kernels.front()));
  return faster ? kernels.front() : nullptr;
}

} // namespace chancery::crypto
