// SPDX-License-Identifier: Apache-2.0
#pragma once

// Coordinator and workers as processes of their own on this host, connected
// over loopback and TLS as in earnest. The parent makes a cluster, writes what
// its workers need, starts them, and is the coordinator itself; so the CPU time
// of both sides is known apart.

#include "benchmarks/workload.hpp"
#include "crypto/certificates/host_certificate.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

namespace chancery::benchmarks {

/// What a worker process is started with.
enum class worker_kind {
  real, ///< signs
  null, ///< hands in noise at once: what one coordinator can feed and store
};

struct cluster_workload {
  workload work; ///< `signers` in all, one each of as many workers
  worker_kind kind = worker_kind::real;
  std::uint32_t lease_ms = 10'000;
  std::chrono::milliseconds delay{0}; ///< of the line to it, each way
};

/// What a run took, coordinator and workers apart.
struct cluster_measure {
  measure whole; ///< wall clock, and CPU time of all processes
  double coordinator_cpu_seconds = 0;
  double workers_cpu_seconds = 0;
};

/// A coordinator without signers of its own, and its workers, which are started
/// before the clock and connect under it. Throws std::runtime_error when not
/// all is signed.
cluster_measure run_cluster(const cluster_workload& w,
                            const crypto::keyring& keys,
                            std::uint32_t batch_size);

/// Seconds from the death of one of the workers, near the end of the work,
/// until the others have signed all, also the ranges that it had.
double measure_recovery(const cluster_workload& w, const crypto::keyring& keys);

/// The child's part: `folder` holds what the parent wrote; the port comes on
/// standard input, the answer is the CPU time of the work.
int run_worker_child(const std::string& folder, worker_kind kind,
                     crypto::provider provider);

} // namespace chancery::benchmarks
