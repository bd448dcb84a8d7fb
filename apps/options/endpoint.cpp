// SPDX-License-Identifier: Apache-2.0
#include "apps/options/endpoint.hpp"

#include "apps/terminal/command_context.hpp"
#include "apps/terminal/console.hpp"
#include "apps/terminal/figures.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>

namespace chancery::apps {

namespace {

constexpr std::size_t host_size_max = 253; // RFC 1035 section 2.3.4, as text
constexpr std::uint64_t port_max = 65'535;

bool is_address(int family, const std::string& text) {
  in6_addr ignored{}; // room for either family
  return ::inet_pton(family, text.c_str(), &ignored) == 1;
}

/// An IPv6 address may have a zone: fe80::1%eth0 (RFC 4007 11).
bool is_ipv6(const std::string& text) {
  return is_address(AF_INET6, text.substr(0, text.find('%')));
}

bool is_host_name(std::string_view text) {
  return !text.empty() && text.size() <= host_size_max && text.front() != '-' &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                  (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
         });
}

/// A name of only digits and dots is a mistyped address, never a host name.
bool looks_like_ipv4(std::string_view text) {
  return text.find_first_not_of("0123456789.") == std::string_view::npos;
}

class reader {
 public:
  reader(std::string_view option, std::string_view text, std::string_view form)
      : option_(option), text_(text), form_(form) {}

  endpoint read(std::uint64_t port_min) const {
    const auto [host, port] = split();
    const auto number = parse_number(port);
    if (!number || *number < port_min || *number > port_max)
      refuse(fmt::format("its port must be a whole number from {} to {}",
                         port_min, grouped(port_max)));
    return {std::string(host), static_cast<std::uint16_t>(*number)};
  }

  [[noreturn]] void refuse(std::string_view why) const {
    throw usage_error(one_line(fmt::format("{}: \"{:.300}\" is not {}: {}",
                                           option_, text_, form_, why)));
  }

 private:
  struct parts {
    std::string_view host;
    std::string_view port;
  };

  parts split() const {
    const auto colon = text_.rfind(':');
    if (colon == std::string_view::npos || text_.ends_with(']'))
      refuse("the port is missing");
    auto host = text_.substr(0, colon);
    const bool brackets = host.starts_with('[') && host.ends_with(']');
    if (brackets) {
      host = host.substr(1, host.size() - 2);
      if (!is_ipv6(std::string(host)))
        refuse("the text in brackets is not an IPv6 address");
    } else if (host.find(':') != std::string_view::npos) {
      refuse("an IPv6 address needs brackets, as in [::1]:7400");
    }
    return {host, text_.substr(colon + 1)};
  }

  std::string_view option_;
  std::string_view text_;
  std::string_view form_;
};

} // namespace

endpoint parse_listen_endpoint(std::string_view option, std::string_view text) {
  const reader from(option, text, "ADDR:PORT");
  auto place = from.read(0);
  if (!is_address(AF_INET, place.host) && !is_ipv6(place.host))
    from.refuse("its address is not an IP address of this host, such as "
                "0.0.0.0 or [::] for all its addresses");
  return place;
}

endpoint parse_connect_endpoint(std::string_view option,
                                std::string_view text) {
  const reader from(option, text, "HOST:PORT");
  auto place = from.read(1);
  if (is_address(AF_INET, place.host) || is_ipv6(place.host))
    return place;
  if (!is_host_name(place.host) || looks_like_ipv4(place.host))
    from.refuse("its host is neither a name nor an IP address");
  return place;
}

std::string to_text(const endpoint& place) {
  const bool brackets = place.host.find(':') != std::string::npos;
  return brackets ? fmt::format("[{}]:{}", place.host, place.port)
                  : fmt::format("{}:{}", place.host, place.port);
}

} // namespace chancery::apps
