// SPDX-License-Identifier: Apache-2.0
#pragma once

// A place on the network as the command line names it: ADDR:PORT to listen on,
// HOST:PORT to connect to. An IPv6 address stands in brackets, as its colons
// would hide the port's: [::1]:7400. Pure functions, any thread; nothing is
// looked up.

#include <cstdint>
#include <string>
#include <string_view>

namespace chancery::apps {

struct endpoint {
  std::string host; ///< without brackets
  std::uint16_t port = 0;

  friend bool operator==(const endpoint&, const endpoint&) = default;
};

/// An IP address of this host and a port, of which 0 lets the system choose.
/// Throws usage_error that quotes `text`; `option` is what it was given for.
endpoint parse_listen_endpoint(std::string_view option, std::string_view text);

/// An IP address or a name, and a port from 1 up.
endpoint parse_connect_endpoint(std::string_view option, std::string_view text);

/// As it is written: with brackets around an IPv6 address.
std::string to_text(const endpoint& place);

} // namespace chancery::apps
