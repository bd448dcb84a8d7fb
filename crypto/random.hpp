// SPDX-License-Identifier: Apache-2.0
#pragma once

// Randomness always arrives as a parameter, so that a test can replay it.

#include <cstddef>
#include <functional>
#include <span>

namespace chancery::crypto {

/// Fills the whole span with random bytes or throws.
using random_source = std::function<void(std::span<std::byte>)>;

/// The operating system's generator; callable from any thread.
random_source system_random();

} // namespace chancery::crypto
