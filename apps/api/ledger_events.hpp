// SPDX-License-Identifier: Apache-2.0
#pragma once

// What happens in the ledger, as sources of events.

#include "apps/api/event_stream.hpp"
#include "crypto/ledger/refusal.hpp"
#include "storage/ledger_store.hpp"

#include <cstdint>
#include <functional>
#include <map>

namespace chancery::apps {

/// `block` for each that is complete from now on, as GET /v1/blocks shows it;
/// where there are more than 12 in a quarter of a second, for the last 12. The
/// store outlives the source.
event_source block_events(const storage::ledger_store& store);

/// `refused`, at most once a second: {"codes":{"bad_signature":2}} counts what
/// the node refused since the last one. `refused` gives all since the start.
event_source refusal_events(
    std::function<std::map<crypto::refusal, std::uint64_t>()> refused);

} // namespace chancery::apps
