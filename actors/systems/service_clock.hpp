// SPDX-License-Identifier: Apache-2.0
#pragma once

// The clock of a service: the wall clock at its start plus steady time, and
// never before a time that is stored. So a clock that somebody sets makes no
// batch wait, and no batch that waited look as if it had not.

#include "storage/record_store.hpp"

#include <cstdint>
#include <functional>

namespace chancery::actors {

/// The latest time that the store's end shows: of its last arrival, its last
/// batch, and its last epoch; 0 in an empty one.
std::uint64_t last_time_ms(const storage::snapshot& view);

/// Milliseconds since 1970, from now on. Any thread.
std::function<std::uint64_t()>
service_clock(const storage::record_store& store);

} // namespace chancery::actors
