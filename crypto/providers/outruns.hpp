// SPDX-License-Identifier: Apache-2.0
#pragma once

// Measures a kernel against libcrypto, where no vector kernel settles it. For
// .cpp files of this folder only.

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

} // namespace chancery::crypto
