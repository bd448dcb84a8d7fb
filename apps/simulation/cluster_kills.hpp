// SPDX-License-Identifier: Apache-2.0
#pragma once

// Which host `simulate cluster` kills or stops, and when. The moments are
// numbers of stored records, not times, so that each comes in the middle of a
// run on a machine of any speed. Pure functions; the same seed gives the same
// list.

#include <chrono>
#include <cstdint>
#include <vector>

namespace chancery::apps {

enum class harm { stop_worker, kill_worker, kill_coordinator };

struct planned_kill {
  harm kind = harm::kill_worker;
  std::uint64_t records = 0; ///< stored when it may happen
  std::uint64_t draw = 0;    ///< chooses among the workers that hold leases
  std::chrono::milliseconds away{0}; ///< until it is started again
};

/// Returns the kills in the order of their earliest moments: a worker is hit at
/// the first one after it when some worker holds leases. Of each three,
/// counted from the end, the last stops a worker, so that others sign its
/// records while it is away; one of the others kills a worker and one the
/// coordinator. No kill follows the last stop: a coordinator that is killed
/// cannot lose the leases that it lent.
std::vector<planned_kill> plan_kills(std::uint64_t seed, std::uint64_t kills,
                                     std::uint64_t records);

} // namespace chancery::apps
