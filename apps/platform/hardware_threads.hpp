// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <thread>

namespace chancery::apps {

/// The default number of threads for parallel work: one per hardware thread, 1
/// when their number is unknown, at most the limit on signers and validators.
inline std::uint64_t hardware_threads() {
  return std::clamp<std::uint64_t>(std::thread::hardware_concurrency(), 1,
                                   1'024);
}

} // namespace chancery::apps
