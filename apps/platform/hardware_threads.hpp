// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <thread>

namespace chancery::apps {

/// The default number of threads for parallel work: one for each hardware
/// thread, one where their number is unknown, and at most as many as there may
/// be signers or validators.
inline std::uint64_t hardware_threads() {
  return std::clamp<std::uint64_t>(std::thread::hardware_concurrency(), 1,
                                   1'024);
}

} // namespace chancery::apps
