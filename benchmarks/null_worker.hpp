// SPDX-License-Identifier: Apache-2.0
#pragma once

// A worker that does no arithmetic: it hands in the digests twice as if they
// were signatures. With it a run shows how many records one coordinator can
// read, hash, send, take back and store, whatever signing costs. Nothing that
// it signs verifies; for benchmarks alone.

#include "actors/systems/worker_run.hpp"

namespace chancery::benchmarks {

/// Works until the coordinator has nothing left. `units` are kept under way.
void run_null_worker(const crypto::keyring& keys,
                     const crypto::random_id& folder,
                     const actors::worker_options& options, unsigned units);

} // namespace chancery::benchmarks
