// SPDX-License-Identifier: Apache-2.0
#pragma once

// Refuses to work by a clock that cannot be right: one that was never set, or
// set to nonsense. Any thread.

namespace chancery::apps {

/// Throws std::runtime_error unless this host's clock shows a plausible time
/// (crypto/base/timestamp.hpp). For every command that stores times, keys or
/// certificates, before it makes anything.
void require_plausible_clock();

} // namespace chancery::apps
