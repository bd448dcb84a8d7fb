// SPDX-License-Identifier: Apache-2.0
#pragma once

// --clients, --rate, --duration and --speed of the simulations that send
// messages, and the number of messages that they ask for.

#include "apps/options/command_spec.hpp"

#include <cstdint>

namespace chancery::apps {

/// The total of all clients; each sends a whole number of messages. Throws
/// usage_error unless the total is 1 to 100,000,000.
std::uint64_t message_count(std::uint64_t clients, double rate,
                            double duration);

struct load_choice {
  std::uint64_t clients = 10;
  double rate = 1;      ///< messages per second from each client
  double duration = 60; ///< seconds, in the clients' time
  double speed = 1;     ///< factor by which that runs faster
  std::uint64_t block_size = 100;

  /// Throws as message_count.
  std::uint64_t messages() const {
    return message_count(clients, rate, duration);
  }
};

/// `choice` lives as long as the command. Main thread.
void add_load_options(const command_spec& command, load_choice& choice,
                      std::uint64_t clients_max);

} // namespace chancery::apps
