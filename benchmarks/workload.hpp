// SPDX-License-Identifier: Apache-2.0
#pragma once

// The input of every measurement: a keyring, and for each job a new store of
// records in a temporary folder that is removed after the job. Commits are
// synchronous, as in production. Also the measure itself: wall-clock time and
// the CPU time of the whole process. Not thread-safe.

#include "actors/systems/signing_run.hpp"
#include "crypto/keyring/keyring.hpp"
#include "crypto/providers/provider.hpp"
#include "storage/record_store.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>

namespace chancery::benchmarks {

struct workload {
  std::uint64_t records = 100'000;
  std::size_t record_size = 160;
  std::size_t keys = 100;
  std::size_t signers = 2;
  crypto::curve curve = crypto::curve::p256;
  crypto::provider provider = crypto::provider::openssl;
  std::filesystem::path folder; ///< parent of the temporary stores
  bool audit = false; ///< audit each store after its job, not measured
};

/// What one job or loop took.
struct measure {
  std::uint64_t records = 0;
  double seconds = 0;
  double cpu_seconds = 0;
  std::uint64_t commits = 0;

  double rate() const { return static_cast<double>(records) / seconds; }
  double cpu_us() const {
    return cpu_seconds * 1e6 / static_cast<double>(records);
  }
};

/// Starts when it is constructed.
class stopwatch {
 public:
  stopwatch();
  measure stop(std::uint64_t records) const;

 private:
  std::chrono::steady_clock::time_point started_;
  double cpu_before_;
};

/// Creates an empty folder with a unique name in `parent`.
std::filesystem::path new_folder(const std::filesystem::path& parent);

/// A store of unsigned records; the destructor removes it.
class filled_store {
 public:
  explicit filled_store(const workload& w);
  filled_store(const filled_store&) = delete;
  filled_store& operator=(const filled_store&) = delete;
  ~filled_store();

  storage::record_store& store() { return *store_; }

  /// Throws std::runtime_error unless every record is signed and, if `w.audit`
  /// is set, an audit passes.
  void require_signed(const workload& w, const crypto::keyring& keys) const;

 private:
  std::filesystem::path folder_;
  std::optional<storage::record_store> store_;
};

/// The options of run_actors, and of a cluster's run.
actors::signing_options options_for(const workload& w,
                                    std::uint32_t batch_size);

/// The whole job, by actors::run_signing.
measure run_actors(const workload& w, const crypto::keyring& keys,
                   std::uint32_t batch_size);

} // namespace chancery::benchmarks
