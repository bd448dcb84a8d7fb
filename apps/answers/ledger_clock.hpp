// SPDX-License-Identifier: Apache-2.0
#pragma once

// What it means that a ledger's last time is ahead of this host's clock: the
// ledger's times never decrease, so a clock that was ahead once dates messages
// until it has caught up. Pure functions.

#include <cstdint>
#include <string>

namespace chancery::apps {

/// Whole seconds from `now_ms` to `last_ms`; 0 below a minute, as clocks
/// differ.
std::uint64_t seconds_ahead(std::uint64_t last_ms, std::uint64_t now_ms);

/// A sentence without its end; empty when seconds_ahead is 0.
std::string ahead_text(std::uint64_t last_ms, std::uint64_t now_ms);

} // namespace chancery::apps
