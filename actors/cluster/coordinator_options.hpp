// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a signing run needs to accept workers from other hosts.

#include "crypto/certificates/host_certificate.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

namespace chancery::actors {

/// Bounds of the time to live of remote leases: the network needs the minimum.
inline constexpr std::uint32_t lease_ttl_ms_min = 500;
inline constexpr std::uint32_t lease_ttl_ms_max = 3'600'000;
inline constexpr std::uint32_t lease_ttl_ms_default = 10'000;

/// Limit of a unit's signatures, far below that of a frame (16 MiB).
inline constexpr std::size_t unit_bytes_max = std::size_t{4} << 20;

struct coordinator_options {
  crypto::host_credentials credentials;
  std::string address;
  std::uint16_t port = 0;
  std::uint32_t ttl_ms = lease_ttl_ms_default;
  std::string software;                         ///< "chancery 0.1.0"
  std::function<void(std::uint16_t)> listening; ///< the port; may be empty
  std::function<void(const std::string&)> note; ///< from any thread
};

} // namespace chancery::actors
