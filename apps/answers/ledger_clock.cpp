// SPDX-License-Identifier: Apache-2.0
#include "apps/answers/ledger_clock.hpp"

#include "apps/terminal/figures.hpp"

#include <fmt/format.h>

namespace chancery::apps {

namespace {

constexpr std::uint64_t tolerated_s = 60;
constexpr std::uint64_t day_s = 86'400;

} // namespace

std::uint64_t seconds_ahead(std::uint64_t last_ms, std::uint64_t now_ms) {
  const auto ahead = last_ms > now_ms ? (last_ms - now_ms) / 1'000 : 0;
  return ahead < tolerated_s ? 0 : ahead;
}

std::string ahead_text(std::uint64_t last_ms, std::uint64_t now_ms) {
  const auto ahead = seconds_ahead(last_ms, now_ms);
  if (ahead == 0)
    return {};
  return fmt::format(
      "the ledger's last time, {}, is {} ahead of this host's clock: until the "
      "clock has passed it, all messages and blocks get that time",
      time_text(last_ms),
      ahead < 2 * day_s ? duration_text(static_cast<double>(ahead))
                        : grouped(ahead / day_s) + " days");
}

} // namespace chancery::apps
