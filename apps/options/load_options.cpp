// SPDX-License-Identifier: Apache-2.0
#include "apps/options/load_options.hpp"

#include "apps/terminal/command_context.hpp"

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

} // namespace chancery::apps
