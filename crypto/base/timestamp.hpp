// SPDX-License-Identifier: Apache-2.0
#pragma once

// Converts times between RFC 3339 text in UTC and milliseconds since 1970.
// Reads no clock. Pure functions; any thread may call them.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace chancery::crypto {

/// "2026-01-01T00:00:00.000Z", 24 characters. Throws std::invalid_argument
/// after the year 9999.
std::string to_rfc3339(std::uint64_t time_ms);

/// Parses "YYYY-MM-DDThh:mm:ss[.fraction]Z" with a fraction of 1 to 9 digits
/// (truncated to milliseconds), capital T and Z, years 1970 to 9999, days that
/// exist, and :60 only as 23:59:60 (counted as the second after it).
/// std::nullopt otherwise.
std::optional<std::uint64_t> time_from_rfc3339(std::string_view text) noexcept;

} // namespace chancery::crypto
