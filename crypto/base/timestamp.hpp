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

/// From 2020 to 2199: what a clock that is set can show, long after anybody
/// made this. Other times are refused where times are made.
bool is_plausible_time(std::uint64_t time_ms) noexcept;

/// For people: as to_rfc3339, and in words outside of the plausible times. A
/// number of 2^63 or more is before 1970.
std::string time_in_words(std::uint64_t time_ms);

} // namespace chancery::crypto
