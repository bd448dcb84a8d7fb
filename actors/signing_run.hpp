// SPDX-License-Identifier: Apache-2.0
#pragma once

// One epoch of signing, by this process alone or as the coordinator of workers
// on other hosts: opens the epoch, spawns the actors
// (README.md draws them), waits until every record is signed or somebody stops
// the run, and closes the epoch. Blocks the calling thread. The caller holds
// the data folder's lock and the only store object.

#include "actors/coordinator_options.hpp"
#include "actors/progress.hpp"
#include "crypto/keyring_file.hpp"
#include "crypto/provider.hpp"
#include "storage/record_store.hpp"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>

namespace chancery::actors {

inline constexpr std::uint32_t batch_size_max = 100'000;
inline constexpr std::size_t signers_max = 1'024;

struct signing_options {
  std::uint32_t batch_size = 100; ///< 1 .. batch_size_max
  /// 1 .. signers_max, or 0 for a coordinator; more than keys: some wait
  std::size_t signers = 1;
  crypto::provider provider = crypto::provider::openssl;
  bool paranoid = false; ///< signatures are verified before they are handed in
  std::optional<coordinator_options> cluster{}; ///< to take workers
};

struct signing_summary {
  std::uint32_t epoch = 0;
  std::uint64_t stored = 0; ///< records signed and on disk by this run
  std::uint64_t left = 0;   ///< records still unsigned
  std::uint64_t batches = 0;
  std::uint64_t commits = 0;
  std::uint64_t conflicts = 0;
  std::uint64_t late_results = 0;
  std::uint64_t signers_lost = 0; ///< signers that died and were replaced
  bool stopped = false;           ///< by `stop`, before all was signed
  double seconds = 0;             ///< from epoch opened to epoch closed
  double cpu_seconds = 0;         ///< of this process meanwhile
};

/// The run ended early through a fault; what is stored is whole and right.
class signing_failed : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// How long the next run on this store must wait before it lends a key, as
/// workers of the last one may still use theirs; 0 mostly.
std::chrono::milliseconds lease_quarantine(const storage::record_store& store);

/// Signs until nothing is left or `stop` is set (from a signal handler, say):
/// it then finishes the units in flight. Throws std::invalid_argument for
/// options out of range, signing_failed otherwise. When nothing is unsigned it
/// returns at once and opens no epoch (`epoch` is 0).
signing_summary run_signing(storage::record_store& store,
                            const crypto::keyring& keys,
                            const signing_options& options,
                            const std::atomic<bool>& stop,
                            signing_progress& progress);

} // namespace chancery::actors
