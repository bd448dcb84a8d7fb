// SPDX-License-Identifier: Apache-2.0
#pragma once

// A TLS connection as its two ends see it after the handshake: whose it is, and
// a value that no other connection has. For greetings that must be valid on one
// connection only. A value; stays on its host.

#include "crypto/certificates/host_certificate.hpp"

#include <chrono>
#include <string>

namespace chancery::actors {

struct secure_channel {
  crypto::host_identity peer; ///< the other end, as its certificate states it
  std::string own_serial;     ///< of this end's certificate, hexadecimal
  /// RFC 9266 `tls-exporter`, 32 bytes: equal at both ends of a connection.
  std::string binding;
  /// The ends of the two certificates (notAfter), and so of the connection.
  std::chrono::system_clock::time_point peer_until =
      std::chrono::system_clock::time_point::max();
  std::chrono::system_clock::time_point own_until = peer_until;
};

} // namespace chancery::actors
