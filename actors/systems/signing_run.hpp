// SPDX-License-Identifier: Apache-2.0
#pragma once

// One epoch of signing, by this process alone or as the coordinator of workers
// on other hosts: opens the epoch, spawns the actors (actors/README.md draws
// them), waits until every record is signed or the run is stopped, and closes
// the epoch. Blocks the calling thread. The caller holds the data folder's lock
// and the only store object.

#include "actors/signing/progress.hpp"
#include "actors/systems/signing_options.hpp"
#include "crypto/keyring/keyring.hpp"
#include "storage/record_store.hpp"

#include <atomic>
#include <chrono>

namespace chancery::actors {

/// How long the next run on this store must wait before it lends a key, because
/// workers of the last run may still use theirs; usually 0.
std::chrono::milliseconds lease_quarantine(const storage::record_store& store);

/// Signs until nothing is left or `stop` is set (by the signal watch, for
/// example): it then finishes the units in flight. Throws std::invalid_argument
/// for options out of range, signing_failed otherwise. When nothing is unsigned
/// it returns at once and opens no epoch (`epoch` is 0).
signing_summary run_signing(storage::record_store& store,
                            const crypto::keyring& keys,
                            const signing_options& options,
                            const std::atomic<bool>& stop,
                            signing_progress& progress);

} // namespace chancery::actors
