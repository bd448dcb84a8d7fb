// SPDX-License-Identifier: Apache-2.0
#pragma once

// Randomness always arrives as a parameter, so that a test can replay it.

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>

namespace chancery::crypto {

/// Fills the whole span with random bytes or throws.
using random_source = std::function<void(std::span<std::byte>)>;

/// The operating system's generator; callable from any thread.
random_source system_random();

/// 128 random bits that identify a data folder, an epoch or a process run.
using random_id = std::array<std::uint8_t, 16>;

random_id make_random_id(const random_source& random);

} // namespace chancery::crypto
