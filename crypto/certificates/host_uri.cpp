// SPDX-License-Identifier: Apache-2.0
#include "crypto/certificates/host_uri.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <stdexcept>

namespace chancery::crypto {

namespace {

constexpr std::string_view scheme = "spiffe://";
constexpr std::size_t cluster_digits = 16;
constexpr std::size_t name_size_max = 63; // RFC 1035 section 2.3.4

constexpr std::array roles = {host_role::coordinator, host_role::worker,
                              host_role::node, host_role::client};

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return c >= 'a' && c <= 'z'; }

bool is_cluster(std::string_view text) {
  return text.size() == cluster_digits &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return is_digit(c) || (c >= 'a' && c <= 'f');
         });
}

bool is_name(std::string_view text) {
  return !text.empty() && text.size() <= name_size_max && text.front() != '-' &&
         text.back() != '-' &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return is_digit(c) || is_letter(c) || c == '-';
         });
}

/// Removes the next segment and its slash from `text`; returns the segment.
std::string_view take_segment(std::string_view& text) {
  const auto segment = text.substr(0, text.find('/'));
  text.remove_prefix(std::min(text.size(), segment.size() + 1));
  return segment;
}

} // namespace

std::string_view to_text(host_role role) {
  switch (role) {
  case host_role::coordinator:
    return "coordinator";
  case host_role::worker:
    return "worker";
  case host_role::node:
    return "node";
  case host_role::client:
    return "client";
  }
  throw std::invalid_argument("not a role of a host");
}

host_role host_role_from_text(std::string_view text) {
  for (const auto role : roles)
    if (text == to_text(role))
      return role;
  throw std::invalid_argument(
      fmt::format("there is no role \"{:.40}\": a host is a coordinator, "
                  "worker, node or client",
                  text));
}

void check_host_name(std::string_view name) {
  if (!is_name(name))
    throw std::invalid_argument(
        fmt::format("\"{:.80}\" cannot be a host's name: use 1 to 63 of a-z "
                    "0-9 and -, and no - at either end",
                    name));
}

std::string cluster_id(const key_id& authority) {
  std::string digits;
  for (std::size_t i = 0; i < cluster_digits / 2; ++i)
    fmt::format_to(std::back_inserter(digits), "{:02x}", authority[i]);
  return digits;
}

std::string to_text(const host_uri& uri) {
  return fmt::format("{}{}/{}/{}", scheme, uri.cluster, to_text(uri.role),
                     uri.name);
}

host_uri host_uri_from_text(std::string_view text) {
  auto rest = text;
  if (!rest.starts_with(scheme))
    throw std::invalid_argument("its URI is not a SPIFFE id");
  rest.remove_prefix(scheme.size());
  const auto cluster = take_segment(rest);
  if (!is_cluster(cluster))
    throw std::invalid_argument("its SPIFFE id has no valid cluster id");
  const auto role = host_role_from_text(take_segment(rest));
  check_host_name(rest);
  return {std::string(cluster), role, std::string(rest)};
}

} // namespace chancery::crypto
