// SPDX-License-Identifier: Apache-2.0
#pragma once

// The pause before the next attempt to reach another host. It doubles from
// 0.1 s to 5 s, and is shortened at random by up to a half, so that hosts that
// lost the same coordinator do not reconnect all at once. Plain class.

#include <algorithm>
#include <chrono>

namespace chancery::actors {

class backoff {
 public:
  static constexpr std::chrono::milliseconds shortest{100};
  static constexpr std::chrono::milliseconds longest{5'000};

  /// `random`: from 0 to 1, clamped.
  std::chrono::milliseconds next(double random) {
    const auto pause = pause_;
    pause_ = std::min(pause_ * 2, longest);
    const auto part = 1 - std::clamp(random, 0.0, 1.0) / 2;
    return std::chrono::milliseconds(
        static_cast<std::chrono::milliseconds::rep>(
            static_cast<double>(pause.count()) * part));
  }

  void reset() { pause_ = shortest; }

 private:
  std::chrono::milliseconds pause_ = shortest;
};

} // namespace chancery::actors
