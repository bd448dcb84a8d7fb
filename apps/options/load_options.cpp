// SPDX-License-Identifier: Apache-2.0
#include "apps/options/load_options.hpp"

#include "apps/terminal/command_context.hpp"
#include "crypto/ledger/message.hpp"

#include <cmath>
#include <fmt/format.h>

namespace chancery::apps {

namespace {

constexpr double messages_max = 1e8;

} // namespace

std::uint64_t message_count(std::uint64_t clients, double rate,
                            double duration) {
  const double messages =
      static_cast<double>(clients) * std::round(rate * duration);
  if (messages < 1 || messages > messages_max)
    throw usage_error(fmt::format("--clients, --rate and --duration make {} "
                                  "messages; the total must be 1 to "
                                  "100,000,000",
                                  messages));
  return static_cast<std::uint64_t>(messages);
}

void add_load_options(const command_spec& command, load_choice& choice,
                      std::uint64_t clients_max) {
  command
      .number("--clients", choice.clients, {1, clients_max},
              "Number of clients")
      .default_text("10");
  command
      .decimal("--rate", choice.rate, {0.001, 10'000},
               "Messages per second from each client")
      .default_text("1");
  command
      .decimal("--duration", choice.duration, {0.001, 1'000'000},
               "Seconds to send for, in the clients' time")
      .default_text("60");
  command
      .decimal("--speed", choice.speed, {0.001, 1'000'000},
               "Factor by which the clients' time runs faster")
      .default_text("1");
  command
      .number("--block-size", choice.block_size, {1, crypto::block_size_max},
              "Messages per block")
      .default_text("100");
}

} // namespace chancery::apps
