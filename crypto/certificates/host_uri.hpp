// SPDX-License-Identifier: Apache-2.0
#pragma once

// A host's SPIFFE id as it stands in its certificate, with one spelling each:
//
//   spiffe://CLUSTER/ROLE/NAME
//
//   CLUSTER  16 hexadecimal digits, lower case: the first 8 bytes of the
//            authority key's thumbprint
//   ROLE     as to_text(host_role) writes it
//   NAME     as host_identity::name says
//
// Pure functions; any thread.

#include "crypto/certificates/host_certificate.hpp"
#include "crypto/keys/key.hpp"

#include <string>
#include <string_view>

namespace chancery::crypto {

struct host_uri {
  std::string cluster;
  host_role role = host_role::worker;
  std::string name;

  friend bool operator==(const host_uri&, const host_uri&) = default;
};

/// The cluster of an authority's key.
std::string cluster_id(const key_id& authority);

std::string to_text(const host_uri& uri);

/// Throws std::invalid_argument.
host_uri host_uri_from_text(std::string_view text);

} // namespace chancery::crypto
