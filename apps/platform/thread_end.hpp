// SPDX-License-Identifier: Apache-2.0
#pragma once

// The end of a process that had threads. An actor that has a thread of its own
// is gone a moment before that thread is, and what libcrypto keeps for a thread
// is freed at the thread's very end. A process that ends within that moment
// pulls libcrypto away from under it (OPENSSL_cleanup(3) wants all other
// threads to be gone).

#include <chrono>

namespace chancery::apps {

/// Waits until the caller's is the only thread of this process; false when it
/// is not after so long.
bool await_other_threads(std::chrono::milliseconds limit);

} // namespace chancery::apps
