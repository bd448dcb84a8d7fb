// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <stdexcept>

namespace chancery::apps {

/// Throws std::runtime_error when the simulation was interrupted.
inline void throw_if_stopped(const std::atomic<bool>& stop) {
  if (stop)
    throw std::runtime_error("stopped; the simulation is not complete");
}

} // namespace chancery::apps
