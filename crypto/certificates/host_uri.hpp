// SPDX-License-Identifier: Apache-2.0
#pragma once

// A host's SPIFFE id in its certificate. Each id has exactly one spelling:
//
//   spiffe://CLUSTER/ROLE/NAME
//
//   CLUSTER  16 hexadecimal digits, lower case: the first 8 bytes of the
//            authority key's thumbprint
//   ROLE     as to_text(host_role) writes it
//   NAME     1 to 63 of a-z 0-9 and -, as in a DNS label
//
// Pure functions; any thread.

#include "crypto/keys/key.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace chancery::crypto {

/// A host's role in a cluster, which decides what it may request from others.
enum class host_role : std::uint8_t {
  coordinator = 1, ///< lends keys to workers and stores what they sign
  worker,          ///< signs for a coordinator
  node,            ///< the ledger's node
  client,          ///< sends messages to a node
};

std::string_view to_text(host_role role);

/// Throws std::invalid_argument that lists the roles for any other text.
host_role host_role_from_text(std::string_view text);

/// Throws std::invalid_argument unless `name` is a valid NAME.
void check_host_name(std::string_view name);

struct host_uri {
  std::string cluster;
  host_role role = host_role::worker;
  std::string name;

  friend bool operator==(const host_uri&, const host_uri&) = default;
};

/// The CLUSTER of an authority's key.
std::string cluster_id(const key_id& authority);

std::string to_text(const host_uri& uri);

/// Throws std::invalid_argument.
host_uri host_uri_from_text(std::string_view text);

} // namespace chancery::crypto
