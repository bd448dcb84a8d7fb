// SPDX-License-Identifier: Apache-2.0
#pragma once

// The same job with plain threads instead of actors. Each signer thread takes
// keys exclusively from a queue under a mutex, least recently used first, and
// reads, hashes and signs a unit of whole batches. One writer thread commits at
// most every 10 ms. The store ends up with the same signatures, rows and
// journal, so an audit passes. There are no lease tokens, as no vault checks
// them, and the death of a thread is not detected.

#include "benchmarks/workload.hpp"

namespace chancery::benchmarks {

measure run_plain(const workload& w, const crypto::keyring& keys,
                  std::uint32_t batch_size);

} // namespace chancery::benchmarks
