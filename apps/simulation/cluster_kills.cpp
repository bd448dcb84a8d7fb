// SPDX-License-Identifier: Apache-2.0
#include "apps/simulation/cluster_kills.hpp"

#include <algorithm>
#include <array>
#include <random>

namespace chancery::apps {

namespace {

/// Shares of the records: after all hosts began, before the last units are out.
constexpr double first_share = 0.03;
constexpr double last_share = 0.85;

constexpr std::uint64_t away_ms_max = 500;

} // namespace

std::vector<planned_kill> plan_kills(std::uint64_t seed, std::uint64_t kills,
                                     std::uint64_t records) {
  // The standard fixes the engine's numbers, but not those of distributions.
  std::mt19937_64 random(seed);
  const auto share_drawn = [&] {
    return static_cast<double>(random() >> 11) / 9007199254740992.0;
  };
  std::vector<planned_kill> plan(kills);
  std::array kinds{harm::stop_worker, harm::kill_worker,
                   harm::kill_coordinator};
  const double step = (last_share - first_share) / static_cast<double>(kills);
  for (std::uint64_t i = kills; i-- > 0;) {
    const auto place = (kills - 1 - i) % kinds.size();
    if (place == 0 && random() % 2 == 0)
      std::swap(kinds[1], kinds[2]);
    const auto share =
        first_share + step * (static_cast<double>(i) + share_drawn());
    plan[i] = {.kind = kinds[place],
               .records = static_cast<std::uint64_t>(
                   share * static_cast<double>(records)),
               .draw = random(),
               .away = std::chrono::milliseconds(random() % away_ms_max)};
  }
  return plan;
}

} // namespace chancery::apps
