// SPDX-License-Identifier: Apache-2.0
#pragma once

// Waits for the other threads before the process exits. A detached actor ends a
// moment before its thread, and libcrypto frees a thread's data only when that
// thread ends. A process that exits within that moment cleans up libcrypto
// while the thread still uses it (OPENSSL_cleanup(3) requires that all other
// threads have ended).

#include <chrono>

namespace chancery::apps {

/// Waits until the caller's is the only thread of this process; false when
/// others still exist after `limit`.
bool await_other_threads(std::chrono::milliseconds limit);

} // namespace chancery::apps
