// SPDX-License-Identifier: Apache-2.0
#pragma once

// The same job without actors, as one would write it by hand: threads that take
// keys from a queue under a mutex, least recently used first and exclusively,
// read, hash and sign a unit of whole batches, and one writer thread that
// commits at most every ten milliseconds. The store ends up with the same
// signatures, rows and journal, so an audit passes. There are no lease tokens,
// as there is no vault to show them to, and nobody's death is noticed.

#include "benchmarks/workload.hpp"

namespace chancery::benchmarks {

measure run_plain(const workload& w, const crypto::keyring& keys,
                  std::uint32_t batch_size);

} // namespace chancery::benchmarks
