// SPDX-License-Identifier: Apache-2.0
#pragma once

// Parses and formats numbers, sizes and times. Any thread; pure functions,
// except now_ms().

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace chancery::apps {

/// A decimal whole number without sign, space or suffix.
std::optional<std::uint64_t> parse_number(std::string_view text);

/// Decimal digits with an optional fraction, without sign or exponent.
std::optional<double> parse_decimal(std::string_view text);

/// Bytes with an optional K, M, G or T (powers of 1,024), either case.
std::optional<std::uint64_t> parse_size(std::string_view text);

/// "1,234,567"
std::string grouped(std::uint64_t n);

/// "512 bytes", "1.5 MiB"
std::string size_text(std::uint64_t bytes);

/// "45 s", "3 min 20 s", "2 h 5 min"
std::string duration_text(double seconds);

/// RFC 3339 in UTC with milliseconds, "2026-11-21T15:04:05.678Z"; in words when
/// no clock that is set shows it (crypto/base/timestamp.hpp).
std::string time_text(std::uint64_t ms_since_1970);

/// The current time, in milliseconds since 1970.
std::uint64_t now_ms();

/// A line of a report, without its newline: a name and its value, in columns.
std::string report_row(std::string_view name, std::string_view value);

/// `n` divided by `seconds`; 0 when `seconds` is not positive.
double per_second(std::uint64_t n, double seconds);

} // namespace chancery::apps
