// SPDX-License-Identifier: Apache-2.0
#pragma once

// Finds a lease in the journal without reading it all: fences only grow along
// it, so a search by halves does. Pure function of a snapshot; any thread.

#include "storage/record_store.hpp"

#include <cstdint>
#include <optional>

namespace chancery::actors {

/// The lease as it was lent; nothing when the journal has none of that fence.
std::optional<storage::lease_lent> find_lease(const storage::snapshot& view,
                                              std::uint64_t fence);

} // namespace chancery::actors
