// SPDX-License-Identifier: Apache-2.0
#pragma once

// How many messages --clients, --rate and --duration ask for. Pure functions,
// any thread.

#include <cstdint>

namespace chancery::apps {

/// Of all clients together; each sends a whole number. Throws usage_error when
/// that is none, or more than 100,000,000.
std::uint64_t message_count(std::uint64_t clients, double rate,
                            double duration);

} // namespace chancery::apps
