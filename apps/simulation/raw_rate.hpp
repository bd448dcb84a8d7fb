// SPDX-License-Identifier: Apache-2.0
#pragma once

// How fast this machine signs when it does nothing else: plain threads, each
// with keys and a signer of its own, no records, leases or database. What a
// real run reaches is a share of this.

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

/// Signatures per second of all threads together.
double measure_raw_rate(const crypto::keyring& keys,
                        const raw_rate_options& options);

} // namespace chancery::apps
