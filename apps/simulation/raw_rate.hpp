// SPDX-License-Identifier: Apache-2.0
#pragma once

// The rate at which this machine signs when it does nothing else: plain
// threads, each with its own keys and signer, without records, leases or
// database. A real run reaches a share of this rate. Blocks the calling thread.

#include "crypto/keyring/keyring.hpp"
#include "crypto/providers/provider.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace chancery::apps {

struct raw_rate_options {
  crypto::provider provider = crypto::single_signatures;
  std::size_t threads = 1;
  std::uint64_t batch_size = 100; ///< digests in a row under one key
  std::chrono::milliseconds time{500};
};

/// Signatures per second of all threads together. Rethrows a thread's
/// exception.
double measure_raw_rate(const crypto::keyring& keys,
                        const raw_rate_options& options);

} // namespace chancery::apps
