// SPDX-License-Identifier: Apache-2.0
#pragma once

// A worker in this process: connects to a coordinator and signs for it with the
// keys of a bundle, until it is stopped (worker.hpp draws the states). Blocks
// the calling thread.

#include "actors/cluster/worker_progress.hpp"
#include "crypto/base/random.hpp"
#include "crypto/certificates/host_certificate.hpp"
#include "crypto/keyring/keyring.hpp"
#include "crypto/providers/provider.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <stdexcept>
#include <string>

namespace chancery::actors {

struct worker_options {
  crypto::host_credentials credentials;
  std::string host; ///< of the coordinator
  std::uint16_t port = 0;
  std::string
      coordinator;      ///< its certificate's name; empty: any of the cluster
  std::string software; ///< "chancery 0.1.0"
  std::size_t signers = 1;
  crypto::provider provider = crypto::single_signatures;
  bool paranoid = false; ///< signatures are verified before they are handed in
  bool once = false;     ///< ends when all is signed
  std::function<void(const std::string&)> note; ///< from any thread
};

/// The coordinator refused this worker, or the worker cannot sign for it.
class worker_refused : public std::runtime_error {
 public:
  worker_refused(const std::string& why, bool by_coordinator)
      : std::runtime_error(why), by_coordinator_(by_coordinator) {}
  bool by_coordinator() const noexcept { return by_coordinator_; }

 private:
  bool by_coordinator_;
};

/// Works until `stop` is set (it then finishes its units and gives its keys
/// back) or, with `once`, all is signed. `folder` is the data folder that the
/// keys are for. Throws worker_refused, std::invalid_argument for options out
/// of range, std::runtime_error for credentials that do not fit.
void run_worker(const crypto::keyring& keys, const crypto::random_id& folder,
                const worker_options& options, const std::atomic<bool>& stop,
                worker_progress& progress);

} // namespace chancery::actors
