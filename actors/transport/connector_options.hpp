// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "actors/transport/limits.hpp"
#include "crypto/certificates/host_certificate.hpp"

#include <cstddef>
#include <cstdint>
#include <set>
#include <string>

namespace chancery::actors {

struct connector_options {
  crypto::host_credentials credentials;
  std::string host; ///< an address, or a name to look up
  std::uint16_t port = 0;
  crypto::host_role expected = crypto::host_role::coordinator;
  std::string expected_name; ///< of the peer's certificate; empty: any
  std::set<std::string> message_types;        ///< as in listener_options
  std::size_t payload_max = node_payload_max; ///< of one frame of the peer
  /// What the gateway must offer (caf::actor_system::message_types).
  std::set<std::string> interface;
};

} // namespace chancery::actors
