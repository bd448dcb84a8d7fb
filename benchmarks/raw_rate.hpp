// SPDX-License-Identifier: Apache-2.0
#pragma once

// The raw signing rate: threads that only sign, with warm contexts. No program
// that makes each signature separately can be faster with the same provider, so
// the whole job is compared with it.

#include "benchmarks/workload.hpp"

namespace chancery::benchmarks {

/// Signs `w.records` made-up digests with `w.signers` threads.
measure run_raw(const workload& w, const crypto::keyring& keys);

} // namespace chancery::benchmarks
