// SPDX-License-Identifier: Apache-2.0
#pragma once

// A coordinator and its workers as separate processes on this host, connected
// over loopback and TLS as in production. The parent creates the cluster,
// writes the workers' files, starts the workers, and is the coordinator itself.
// So the CPU time of the two sides is measured separately.

#include "benchmarks/workload.hpp"
#include "crypto/certificates/host_certificate.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

namespace chancery::benchmarks {

/// What a worker process does.
enum class worker_kind {
  real, ///< signs
  null, ///< returns the digests as signatures at once; nothing is verified
};

struct cluster_workload {
  workload work; ///< `signers`: the number of workers, of one signer each
  worker_kind kind = worker_kind::real;
  bool verify = true; ///< what real workers hand in, before it is stored
  std::uint32_t lease_ms = 10'000;
  std::chrono::milliseconds delay{0}; ///< to the coordinator, each way
};

/// What a run took, coordinator and workers separately.
struct cluster_measure {
  measure whole; ///< wall clock, and CPU time of all processes
  double coordinator_cpu_seconds = 0;
  double workers_cpu_seconds = 0;
};

/// Runs the job with a coordinator that has no signers, and its workers. They
/// are started before the measurement and connect during it. Throws
/// std::runtime_error if a record is not signed or a worker fails.
cluster_measure run_cluster(const cluster_workload& w,
                            const crypto::keyring& keys,
                            std::uint32_t batch_size);

/// Kills one worker when four fifths of the records are stored. Returns the
/// seconds from then until the others have signed all, its ranges included.
double measure_recovery(const cluster_workload& w, const crypto::keyring& keys);

/// The main function of the child. `folder` holds the parent's files. Prints a
/// line when ready, reads the port from stdin, works, and prints the CPU
/// seconds of the work.
int run_worker_child(const std::string& folder, worker_kind kind,
                     crypto::provider provider);

} // namespace chancery::benchmarks
