// SPDX-License-Identifier: Apache-2.0
#include "crypto/base/timestamp.hpp"

#include <chrono>
#include <stdexcept>

namespace chancery::crypto {

namespace {

using std::chrono::sys_days;

constexpr int first_year = 1970;
constexpr std::uint64_t day_ms = 86'400'000;
/// 10000-01-01T00:00:00Z, the first time whose year has five digits.
constexpr std::uint64_t end_ms = 253'402'300'800'000;
/// 2020-01-01T00:00:00Z and 2200-01-01T00:00:00Z.
constexpr std::uint64_t plausible_from_ms = 1'577'836'800'000;
constexpr std::uint64_t plausible_end_ms = 7'258'118'400'000;

/// Removes exactly `count` digits from the front of `text`; -1 when it does not
/// start with that many.
int take_digits(std::string_view& text, std::size_t count) noexcept {
  if (text.size() < count)
    return -1;
  int number = 0;
  for (const char c : text.substr(0, count)) {
    if (c < '0' || c > '9')
      return -1;
    number = number * 10 + (c - '0');
  }
  text.remove_prefix(count);
  return number;
}

bool take(std::string_view& text, char c) noexcept {
  if (text.empty() || text.front() != c)
    return false;
  text.remove_prefix(1);
  return true;
}

/// Midnight of "YYYY-MM-DD" in milliseconds.
std::optional<std::uint64_t> take_date(std::string_view& text) noexcept {
  using namespace std::chrono;
  const int y = take_digits(text, 4);
  const bool dash = take(text, '-');
  const int m = take_digits(text, 2);
  const bool dash_again = take(text, '-');
  const int d = take_digits(text, 2);
  if (!dash || !dash_again || y < first_year || m < 0 || d < 0)
    return std::nullopt;
  const year_month_day date(year(y), month(static_cast<unsigned>(m)),
                            day(static_cast<unsigned>(d)));
  if (!date.ok())
    return std::nullopt;
  const auto days = sys_days(date).time_since_epoch().count();
  return static_cast<std::uint64_t>(days) * day_ms;
}

/// "hh:mm:ss" in milliseconds. A leap second is the last second of a day in UTC
/// (RFC 3339 section 5.7) and has the same value as the second after it.
std::optional<std::uint64_t> take_clock(std::string_view& text) noexcept {
  const int h = take_digits(text, 2);
  const bool colon = take(text, ':');
  const int m = take_digits(text, 2);
  const bool colon_again = take(text, ':');
  const int s = take_digits(text, 2);
  const bool leap = h == 23 && m == 59 && s == 60;
  if (!colon || !colon_again || h < 0 || h > 23 || m < 0 || m > 59 || s < 0 ||
      (s > 59 && !leap))
    return std::nullopt;
  return static_cast<std::uint64_t>((h * 60 + m) * 60 + s) * 1000;
}

/// ".123456" truncated to milliseconds; 0 when there is no fraction.
std::optional<std::uint64_t> take_fraction(std::string_view& text) noexcept {
  if (!take(text, '.'))
    return 0;
  std::uint64_t ms = 0;
  std::size_t digits = 0;
  for (; digits < 10; ++digits) {
    const int digit = take_digits(text, 1);
    if (digit < 0)
      break;
    if (digits < 3)
      ms = ms * 10 + static_cast<std::uint64_t>(digit);
  }
  if (digits == 0 || digits > 9)
    return std::nullopt;
  for (auto i = digits; i < 3; ++i)
    ms *= 10;
  return ms;
}

/// Overwrites `width` characters with a number. Every receipt contains a time,
/// and fmt takes ten times as long.
void put(std::string& text, std::size_t at, std::size_t width,
         unsigned number) {
  for (auto i = at + width; i > at; number /= 10)
    text[--i] = static_cast<char>('0' + number % 10);
}

} // namespace

std::string to_rfc3339(std::uint64_t time_ms) {
  using namespace std::chrono;
  if (time_ms >= end_ms)
    throw std::invalid_argument("the time is after the year 9999");
  const year_month_day date{sys_days(days(time_ms / day_ms))};
  const auto ms = static_cast<unsigned>(time_ms % day_ms);
  std::string text = "0000-00-00T00:00:00.000Z";
  put(text, 0, 4, static_cast<unsigned>(static_cast<int>(date.year())));
  put(text, 5, 2, static_cast<unsigned>(date.month()));
  put(text, 8, 2, static_cast<unsigned>(date.day()));
  put(text, 11, 2, ms / 3'600'000);
  put(text, 14, 2, ms / 60'000 % 60);
  put(text, 17, 2, ms / 1000 % 60);
  put(text, 20, 3, ms % 1000);
  return text;
}

std::optional<std::uint64_t> time_from_rfc3339(std::string_view text) noexcept {
  const auto date = take_date(text);
  if (!date || !take(text, 'T'))
    return std::nullopt;
  const auto clock = take_clock(text);
  if (!clock)
    return std::nullopt;
  const auto fraction = take_fraction(text);
  if (!fraction || text != "Z")
    return std::nullopt;
  const auto time_ms = *date + *clock + *fraction;
  if (time_ms >= end_ms) // the leap second at the end of the year 9999
    return std::nullopt;
  return time_ms;
}

bool is_plausible_time(std::uint64_t time_ms) noexcept {
  return time_ms >= plausible_from_ms && time_ms < plausible_end_ms;
}

std::string time_in_words(std::uint64_t time_ms) {
  if (is_plausible_time(time_ms))
    return to_rfc3339(time_ms);
  const std::string words = "an implausible time, ";
  if (time_ms < end_ms)
    return words + to_rfc3339(time_ms);
  return words + (time_ms >> 63 == 0 ? "after the year 9999" : "before 1970");
}

} // namespace chancery::crypto
