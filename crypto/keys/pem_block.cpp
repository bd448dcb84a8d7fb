// SPDX-License-Identifier: Apache-2.0
#include "crypto/keys/pem_block.hpp"

#include "crypto/base/bytes.hpp"
#include "crypto/base/secret.hpp"

#include <botan/base64.h>
#include <fmt/format.h>

#include <stdexcept>

namespace chancery::crypto {

namespace {

constexpr std::string_view dashes = "-----";
constexpr std::string_view begin_mark = "-----BEGIN ";
constexpr std::string_view end_mark = "-----END ";
constexpr std::size_t line_length = 64; // RFC 7468 section 2

} // namespace

std::optional<pem_block> take_pem_block(std::string_view& text) {
  const auto begin = text.find(begin_mark);
  if (begin == std::string_view::npos)
    return std::nullopt;
  text.remove_prefix(begin + begin_mark.size());
  const auto label = text.substr(0, text.find(dashes));
  if (label.size() == text.size() || label.find('\n') != label.npos)
    throw std::invalid_argument("not a PEM file: its BEGIN line is damaged");
  text.remove_prefix(label.size() + dashes.size());
  const auto end = text.find(fmt::format("{}{}{}", end_mark, label, dashes));
  if (end == std::string_view::npos)
    throw std::invalid_argument(
        "the PEM file is cut short: its END line is missing");
  const auto body = text.substr(0, end);
  text.remove_prefix(end + end_mark.size());
  return pem_block{label, body};
}

std::string to_pem_block(std::string_view label,
                         std::span<const std::byte> der) {
  secret_string base64(Botan::base64_encode_max_output(der.size()), '\0');
  std::size_t consumed = 0;
  base64.resize(Botan::base64_encode(base64.data(), octets(der), der.size(),
                                     consumed, true));
  std::string pem;
  // A reallocation would leave copies of the secret behind.
  pem.reserve(base64.size() * 66 / line_length + 2 * label.size() + 48);
  pem.append(begin_mark).append(label).append(dashes).push_back('\n');
  for (std::size_t at = 0; at < base64.size(); at += line_length) {
    pem.append(std::string_view(base64).substr(at, line_length));
    pem.push_back('\n');
  }
  pem.append(end_mark).append(label).append(dashes).push_back('\n');
  return pem;
}

} // namespace chancery::crypto
