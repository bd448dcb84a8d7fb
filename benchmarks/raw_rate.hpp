// SPDX-License-Identifier: Apache-2.0
#pragma once

// The raw signing rate: threads that do nothing but sign, with contexts that
// are warm. No program that makes each signature on its own can be faster on
// the same provider, so it is the yardstick of the whole job.

#include "benchmarks/workload.hpp"

namespace chancery::benchmarks {

/// Signs `w.records` made-up digests with `w.signers` threads.
measure run_raw(const workload& w, const crypto::keyring& keys);

} // namespace chancery::benchmarks
