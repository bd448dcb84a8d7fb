// SPDX-License-Identifier: Apache-2.0
#pragma once

// When `simulate cluster` does harm to whom. The moments are numbers of stored
// records, not times, so that each meets a run in the middle on a machine of
// any speed. Pure functions; the same seed gives the same list.

#include <chrono>
#include <cstdint>
#include <vector>

namespace chancery::apps {

enum class harm { stop_worker, kill_worker, kill_coordinator };

struct planned_kill {
  harm kind = harm::kill_worker;
  std::uint64_t records = 0;         ///< stored when it comes
  std::uint64_t draw = 0;            ///< chooses among the workers that are up
  std::chrono::milliseconds away{0}; ///< until it is started again
};

/// In the order of their moments. Of each three, one stops a worker, and is the
/// first of them, so that others sign what it holds while it is away; one kills
/// a worker and one the coordinator.
std::vector<planned_kill> plan_kills(std::uint64_t seed, std::uint64_t kills,
                                     std::uint64_t records);

} // namespace chancery::apps
