// SPDX-License-Identifier: Apache-2.0
#pragma once

// A worker without the product's checks: it connects and greets as a worker
// does, takes units, and hands in whatever bytes its owner makes for them. For
// tests of a coordinator that is lied to, and for benchmarks.

#include "actors/cluster/cluster_messages.hpp"
#include "actors/systems/worker_run.hpp"

#include <functional>

namespace chancery::tests {

/// Makes the request that hands in a unit: batches, signatures, and leases to
/// return. On an actor's own thread.
using unit_signer =
    std::function<actors::work_request(const actors::work_answer&)>;

/// Works until the coordinator has no work left, with `units` in flight. Throws
/// std::runtime_error, with the coordinator's sentence, if it cannot be reached
/// or refuses.
void run_plain_worker(const crypto::keyring& keys,
                      const crypto::random_id& folder,
                      const actors::worker_options& options, unsigned units,
                      unit_signer sign);

} // namespace chancery::tests
