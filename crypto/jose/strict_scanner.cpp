// SPDX-License-Identifier: Apache-2.0
#include "crypto/jose/strict_scanner.hpp"

#include "crypto/base/utf8.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <limits>

namespace chancery::crypto {

namespace {

/// In a string, a character that needs no closer look: ASCII, but no control
/// character, quote or backslash.
bool is_plain(char c) noexcept {
  const auto octet = static_cast<unsigned char>(c);
  return octet >= 0x20 && octet < 0x80 && c != '"' && c != '\\';
}

/// As many characters as a number has octets.
constexpr std::size_t run_size = sizeof(std::uint64_t);

constexpr std::uint64_t all_of(std::uint64_t octet) noexcept {
  return octet * 0x0101'0101'0101'0101;
}

/// Whether each of them is plain. An octet's high bit in `others` is set for
/// one of 0x80 or more, below 0x20, or equal to the quote or the backslash: the
/// subtraction wraps. The octets above the lowest such one may be wrong.
bool is_plain_run(const char* characters) noexcept {
  std::uint64_t run = 0;
  std::memcpy(&run, characters, run_size);
  const auto others = run | (run - all_of(0x20)) |
                      ((run ^ all_of('"')) - all_of(1)) |
                      ((run ^ all_of('\\')) - all_of(1));
  return (others & all_of(0x80)) == 0;
}

/// A double holds numbers below 10 to its power.
constexpr std::size_t double_power_max =
    std::numeric_limits<double>::max_exponent10;

/// The largest one if the digits are too many.
unsigned number_of(std::string_view digits) noexcept {
  unsigned number = std::numeric_limits<unsigned>::max();
  std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return number;
}

} // namespace

bool strict_scanner::word(std::string_view word) noexcept {
  const bool there = text_.substr(at_).starts_with(word);
  at_ += there ? word.size() : 0;
  return there;
}

bool strict_scanner::string(bool& escaped) noexcept {
  if (!take('"'))
    return false;
  while (!done()) {
    if (text_.size() - at_ >= run_size && is_plain_run(text_.data() + at_)) {
      at_ += run_size;
      continue;
    }
    for (const auto end = std::min(at_ + run_size, text_.size()); at_ < end;) {
      if (is_plain(text_[at_]))
        ++at_;
      else if (take('"'))
        return true;
      else if (!character(escaped))
        return false;
    }
  }
  return false;
}

/// One that is not plain.
bool strict_scanner::character(bool& escaped) noexcept {
  if (take('\\')) {
    escaped = true;
    return escape();
  }
  const bool control = static_cast<unsigned char>(text_[at_]) < 0x20;
  const auto size = control ? 0 : utf8_size(text_.substr(at_));
  at_ += size;
  return size != 0;
}

/// Behind the backslash.
bool strict_scanner::escape() noexcept {
  if (!take('u')) {
    const auto c = front();
    ++at_;
    return c != '\0' &&
           std::string_view(R"("\/bfnrt)").find(c) != std::string_view::npos;
  }
  const auto unit = code_unit();
  if (unit < 0xd800 || unit > 0xdfff)
    return unit >= 0;
  // A character beyond 0xffff is a pair of surrogates (RFC 8259 section 7).
  if (unit >= 0xdc00 || !take('\\') || !take('u'))
    return false;
  const auto second = code_unit();
  return second >= 0xdc00 && second <= 0xdfff;
}

/// Four hexadecimal digits; -1 if they are not.
int strict_scanner::code_unit() noexcept {
  const auto four = text_.substr(at_, 4);
  int unit = 0;
  const auto read =
      std::from_chars(four.data(), four.data() + four.size(), unit, 16);
  if (four.size() < 4 || read.ptr != four.data() + 4 || four[0] == '-')
    return -1;
  at_ += 4;
  return unit;
}

bool strict_scanner::number() {
  const auto begin = at_;
  take('-');
  const auto whole = take('0') ? 1 : digits();
  if (whole == 0 || (take('.') && digits() == 0))
    return false;
  unsigned power = 0;
  if (take('e') || take('E')) {
    const bool below = !take('+') && take('-');
    const auto first = at_;
    if (digits() == 0)
      return false;
    power = below ? 0 : number_of(text_.substr(first, at_ - first));
  }
  // It is below 10^(whole + power). The library decides on the others.
  return whole + power <= double_power_max ||
         nlohmann::json::accept(text_.substr(begin, at_ - begin));
}

/// How many there are.
std::size_t strict_scanner::digits() noexcept {
  const auto begin = at_;
  while (!done() && text_[at_] >= '0' && text_[at_] <= '9')
    ++at_;
  return at_ - begin;
}

} // namespace chancery::crypto
