// SPDX-License-Identifier: Apache-2.0
#pragma once

// A network endpoint on the command line: ADDR:PORT to listen on, HOST:PORT to
// connect to. An IPv6 address needs brackets, which keep its colons apart from
// the port's: [::1]:7400. Pure functions, any thread; no name is resolved.

#include <cstdint>
#include <string>
#include <string_view>

namespace chancery::apps {

struct endpoint {
  std::string host; ///< without brackets
  std::uint16_t port = 0;

  friend bool operator==(const endpoint&, const endpoint&) = default;
};

/// An IP address of this host and a port; port 0 lets the system choose. Throws
/// usage_error that quotes `text` and its option's name, `option`.
endpoint parse_listen_endpoint(std::string_view option, std::string_view text);

/// An IP address or a host name, and a port of at least 1.
endpoint parse_connect_endpoint(std::string_view option, std::string_view text);

/// HOST:PORT, with brackets around an IPv6 address.
std::string to_text(const endpoint& place);

} // namespace chancery::apps
