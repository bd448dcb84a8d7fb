// SPDX-License-Identifier: Apache-2.0
#include "crypto/keys/signature.hpp"

#include <algorithm>
#include <cstdint>
#include <stdexcept>

namespace chancery::crypto {

namespace {

constexpr std::byte sequence_tag{0x30};
constexpr std::byte integer_tag{0x02};

// Both curves' signatures fit the short form of a DER length (X.690 8.1.3.4):
// at most 2 * (2 + 49) = 102 bytes.
constexpr std::size_t short_length_max = 127;

void append_integer(std::span<const std::byte> number, std::string& out) {
  while (number.size() > 1 && number.front() == std::byte{0})
    number = number.subspan(1);
  const bool negative = (number.front() & std::byte{0x80}) != std::byte{0};
  out.push_back(static_cast<char>(integer_tag));
  out.push_back(static_cast<char>(number.size() + (negative ? 1 : 0)));
  if (negative)
    out.push_back('\0');
  for (const auto b : number)
    out.push_back(static_cast<char>(b));
}

/// Removes one element from the front of `in` and returns its contents; an
/// empty span when its tag or length is wrong.
std::span<const std::byte> take(std::byte tag,
                                std::span<const std::byte>& in) noexcept {
  if (in.size() < 3 || in[0] != tag)
    return {};
  const auto length = std::to_integer<std::size_t>(in[1]);
  if (length > short_length_max || length > in.size() - 2)
    return {};
  const auto body = in.subspan(2, length);
  in = in.subspan(2 + length);
  return body;
}

bool take_integer(std::span<const std::byte>& in,
                  std::span<std::byte> out) noexcept {
  auto number = take(integer_tag, in);
  if (number.empty() || (number[0] & std::byte{0x80}) != std::byte{0})
    return false;
  if (number[0] == std::byte{0}) {
    const bool needed =
        number.size() > 1 && (number[1] & std::byte{0x80}) != std::byte{0};
    if (!needed) // also refuses zero itself, which no signature contains
      return false;
    number = number.subspan(1);
  }
  if (number.size() > out.size())
    return false;
  const auto gap = out.size() - number.size();
  std::fill_n(out.begin(), gap, std::byte{0});
  std::copy(number.begin(), number.end(), out.subspan(gap).begin());
  return true;
}

} // namespace

std::string raw_to_der(curve c, std::span<const std::byte> raw) {
  if (raw.size() != signature_size(c))
    throw std::invalid_argument("the raw signature has the wrong size");
  const auto half = field_size(c);
  std::string der;
  der.reserve(2 + raw.size() + 6);
  der.append(2, '\0');
  append_integer(raw.first(half), der);
  append_integer(raw.subspan(half), der);
  der[0] = static_cast<char>(sequence_tag);
  der[1] = static_cast<char>(der.size() - 2);
  return der;
}

bool der_to_raw(curve c, std::span<const std::byte> der,
                std::span<std::byte> raw) noexcept {
  if (raw.size() < signature_size(c))
    return false;
  const auto half = field_size(c);
  auto body = take(sequence_tag, der);
  return !body.empty() && der.empty() && take_integer(body, raw.first(half)) &&
         take_integer(body, raw.subspan(half, half)) && body.empty();
}

} // namespace chancery::crypto
