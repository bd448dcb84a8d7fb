// SPDX-License-Identifier: Apache-2.0
#pragma once

// A worker that does not sign: it returns the digests twice in place of the
// signatures. With it a run shows how many records one coordinator can read,
// hash, send, receive and store, independent of the cost of signing. Its
// signatures do not verify; for benchmarks only.

#include "actors/systems/worker_run.hpp"

namespace chancery::benchmarks {

/// Works until the coordinator has no work left, with `units` in flight. Throws
/// std::runtime_error if the coordinator cannot be reached or refuses.
void run_null_worker(const crypto::keyring& keys,
                     const crypto::random_id& folder,
                     const actors::worker_options& options, unsigned units);

} // namespace chancery::benchmarks
