// SPDX-License-Identifier: Apache-2.0
#include "apps/options/origin.hpp"

#include "apps/terminal/command_context.hpp"
#include "apps/terminal/console.hpp"
#include "apps/terminal/figures.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <fmt/format.h>

namespace chancery::apps {

namespace {

constexpr std::size_t name_size_max = 253; // RFC 1035 section 2.3.4, as text
constexpr std::uint64_t port_of_origin_max = 65'535;

std::string in_lower_case(std::string_view text) {
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return lower;
}

/// Labels of letters, digits and hyphens, which dots separate: what a policy
/// can name (Content Security Policy Level 3, 2.3.1).
bool can_be_named(std::string_view host) {
  return !host.empty() && host.size() <= name_size_max && host.front() != '.' &&
         host.front() != '-' && host.back() != '.' &&
         host.find("..") == std::string_view::npos &&
         std::ranges::all_of(host, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                  c == '-' || c == '.';
         });
}

[[noreturn]] void refuse_origin(std::string_view option, std::string_view text,
                                std::string_view why) {
  throw usage_error(one_line(fmt::format(
      "{}: \"{:.300}\" is not an origin such as https://ledger.example: {}",
      option, text, why)));
}

} // namespace

std::string parse_origin(std::string_view option, std::string_view text) {
  auto origin = in_lower_case(text);
  std::string_view rest = origin;
  const std::string_view scheme = rest.starts_with("http://")    ? "http"
                                  : rest.starts_with("https://") ? "https"
                                                                 : "";
  if (scheme.empty())
    refuse_origin(option, text, "it has to begin with https:// or http://");
  rest.remove_prefix(scheme.size() + 3);
  if (rest.find_first_of("/?#@\\") != std::string_view::npos)
    refuse_origin(option, text, "leave out what is not scheme, host and port");
  if (rest.starts_with('['))
    refuse_origin(option, text,
                  "a page's policy cannot name an IPv6 address; use a name of "
                  "the server");
  const auto colon = rest.find(':');
  const auto host = rest.substr(0, colon);
  if (!can_be_named(host))
    refuse_origin(option, text,
                  "its host has to be a name of letters, digits, hyphens and "
                  "dots, or an IPv4 address");
  if (colon == std::string_view::npos)
    return origin;
  const auto port = parse_number(rest.substr(colon + 1));
  if (!port || *port == 0 || *port > port_of_origin_max)
    refuse_origin(option, text,
                  fmt::format("its port must be a whole number from 1 to {}",
                              grouped(port_of_origin_max)));
  const bool usual = *port == (scheme == "https" ? 443 : 80);
  return usual ? fmt::format("{}://{}", scheme, host)
               : fmt::format("{}://{}:{}", scheme, host, *port);
}

} // namespace chancery::apps
