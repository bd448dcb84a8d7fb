// SPDX-License-Identifier: Apache-2.0
#pragma once

// The unit in which actors count time.

#include <chrono>

namespace chancery::actors {

using milliseconds = std::chrono::milliseconds;

} // namespace chancery::actors
