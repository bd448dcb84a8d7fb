// SPDX-License-Identifier: Apache-2.0
#pragma once

// The number of messages that --clients, --rate and --duration ask for. Pure
// function, any thread.

#include <cstdint>

namespace chancery::apps {

/// The total of all clients; each sends a whole number of messages. Throws
/// usage_error unless the total is 1 to 100,000,000.
std::uint64_t message_count(std::uint64_t clients, double rate,
                            double duration);

} // namespace chancery::apps
