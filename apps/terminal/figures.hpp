// SPDX-License-Identifier: Apache-2.0
#pragma once

// Numbers as people read and write them. Pure functions, any thread.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace chancery::apps {

/// A plain decimal number: no sign, no space, nothing behind it.
std::optional<std::uint64_t> parse_number(std::string_view text);

/// Digits, and a point and more digits where there is a fraction.
std::optional<double> parse_decimal(std::string_view text);

/// Bytes with an optional K, M, G or T (powers of 1,024), either case.
std::optional<std::uint64_t> parse_size(std::string_view text);

/// "1,234,567"
std::string grouped(std::uint64_t n);

/// "512 bytes", "1.5 MiB"
std::string size_text(std::uint64_t bytes);

/// "45 s", "3 min 20 s", "2 h 5 min"
std::string duration_text(double seconds);

/// RFC 3339 in UTC with milliseconds: "2026-11-21T15:04:05.678Z"
std::string time_text(std::uint64_t ms_since_1970);

/// Milliseconds since 1970 now.
std::uint64_t now_ms();

/// A line of a report, without its newline: a name and its value, in columns.
std::string report_row(std::string_view name, std::string_view value);

/// `n` per second over `seconds`, 0 for no time at all.
double per_second(std::uint64_t n, double seconds);

} // namespace chancery::apps
