// SPDX-License-Identifier: Apache-2.0
#include "apps/terminal/figures.hpp"

#include "actors/base/wall_clock.hpp"
#include "crypto/base/timestamp.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <fmt/format.h>
#include <limits>

namespace chancery::apps {

std::optional<std::uint64_t> parse_number(std::string_view text) {
  std::uint64_t n = 0;
  const char* const end = text.data() + text.size();
  const auto [at, error] = std::from_chars(text.data(), end, n);
  if (error != std::errc{} || at != end)
    return std::nullopt;
  return n;
}

std::optional<double> parse_decimal(std::string_view text) {
  double n = 0;
  const char* const end = text.data() + text.size();
  if (text.empty() || text.front() < '0' || text.front() > '9')
    return std::nullopt; // no sign, no "inf"
  const auto [at, error] =
      std::from_chars(text.data(), end, n, std::chars_format::fixed);
  if (error != std::errc{} || at != end)
    return std::nullopt;
  return n;
}

std::optional<std::uint64_t> parse_size(std::string_view text) {
  constexpr std::string_view suffixes = "KMGT";
  std::uint64_t unit = 1;
  if (!text.empty()) {
    const char last = static_cast<char>(text.back() & ~0x20);
    if (const auto i = suffixes.find(last); i != std::string_view::npos) {
      unit = std::uint64_t{1} << (10 * (i + 1));
      text.remove_suffix(1);
    }
  }
  const auto n = parse_number(text);
  if (!n || *n > std::numeric_limits<std::uint64_t>::max() / unit)
    return std::nullopt;
  return *n * unit;
}

std::string grouped(std::uint64_t n) {
  std::string text = std::to_string(n);
  for (std::size_t at = text.size(); at > 3;)
    text.insert(at -= 3, 1, ',');
  return text;
}

std::string size_text(std::uint64_t bytes) {
  constexpr std::array units{"KiB", "MiB", "GiB", "TiB"};
  if (bytes < 1024)
    return fmt::format("{} bytes", bytes);
  auto value = static_cast<double>(bytes) / 1024;
  std::size_t unit = 0;
  while (value >= 1023.95 && unit + 1 < units.size()) {
    value /= 1024;
    ++unit;
  }
  return fmt::format("{:.1f} {}", value, units[unit]);
}

std::string duration_text(double seconds) {
  if (!(seconds >= 0) || seconds > 1e9)
    return "unknown";
  const auto s = static_cast<std::uint64_t>(std::ceil(seconds));
  if (s < 60)
    return fmt::format("{} s", s);
  if (s < 3600)
    return fmt::format("{} min {} s", s / 60, s % 60);
  return fmt::format("{} h {} min", s / 3600, s / 60 % 60);
}

std::string time_text(std::uint64_t ms_since_1970) {
  return crypto::time_in_words(ms_since_1970);
}

std::uint64_t now_ms() { return actors::wall_clock_ms(); }

std::string report_row(std::string_view name, std::string_view value) {
  return fmt::format("  {:<24}{}", name, value);
}

double per_second(std::uint64_t n, double seconds) {
  return seconds > 0 ? static_cast<double>(n) / seconds : 0;
}

} // namespace chancery::apps
