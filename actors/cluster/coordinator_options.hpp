// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a signing run needs to accept workers from other hosts.

#include "actors/base/defences.hpp"
#include "actors/transport/limits.hpp"
#include "crypto/certificates/host_certificate.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace chancery::actors {

/// Bounds of the time to live of remote leases: the network needs the minimum.
inline constexpr std::uint32_t lease_ttl_ms_min = 500;
inline constexpr std::uint32_t lease_ttl_ms_max = 3'600'000;
inline constexpr std::uint32_t lease_ttl_ms_default = 10'000;

/// Of each unit, one in so many signatures is verified when a sample is enough.
inline constexpr std::uint32_t verify_share_of_sample = 16;

struct coordinator_options {
  crypto::host_credentials credentials;
  std::string address;
  std::uint16_t port = 0;
  std::uint32_t ttl_ms = lease_ttl_ms_default;
  /// One in so many of a worker's signatures is verified before it is stored;
  /// 1: all.
  std::uint32_t verify_share = 1;
  std::size_t verifiers = 1;                    ///< threads that verify
  std::string software;                         ///< "chancery 0.1.0"
  std::function<void(std::uint16_t)> listening; ///< the port; may be empty
  std::function<void(const std::string&)> note; ///< from any thread
  /// Which hosts may not connect, as in listener_options; may be empty.
  std::function<std::optional<std::string>(const crypto::host_identity&)>
      denied{};
  defences defended{};
};

} // namespace chancery::actors
