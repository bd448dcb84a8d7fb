// SPDX-License-Identifier: Apache-2.0
#pragma once

// The cluster's own certificate authority and the certificates of its hosts
// (RFC 5280), for mutual TLS. A certificate states a host's name and role as a
// SPIFFE id, a URI in the subject's alternative names:
// spiffe://CLUSTER/ROLE/NAME, where CLUSTER is the first 16 hexadecimal digits
// of the authority key's SHA-256 thumbprint. The extended key usage follows the
// role: coordinators and nodes are servers only, workers and clients are
// clients only. All keys are on P-256, and the authority's key signs only
// certificates.
//
// Pure functions on PEM and DER; `now` is a parameter. Any thread.

#include "crypto/base/secret.hpp"
#include "crypto/certificates/host_uri.hpp"
#include "crypto/keys/key.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace chancery::crypto {

/// The peer at the other end of a connection.
struct host_identity {
  std::string name; ///< as check_host_name allows it
  host_role role = host_role::worker;
  std::string serial; ///< of the certificate, hexadecimal

  friend bool operator==(const host_identity&, const host_identity&) = default;
};

/// The credentials of a host: the certificate of the authority to trust, its
/// own certificate, and the private key of the latter (PKCS#8, not encrypted,
/// as a service cannot ask anybody for a passphrase).
struct host_credentials {
  std::string authority_pem;
  std::string certificate_pem;
  secret_string key_pem;
};

/// Certificates are valid from a day before they are issued, so that a host
/// whose clock is behind can use them.
inline constexpr auto certificate_back_dating = std::chrono::hours(24);
inline constexpr auto host_certificate_days_default = std::chrono::days(825);
inline constexpr auto authority_days = std::chrono::days(3650);

/// A self-signed certificate for a key that is used for nothing else. Throws
/// std::invalid_argument unless the key is on P-256.
std::string
make_authority_certificate(const private_key& authority,
                           std::chrono::system_clock::time_point now,
                           const random_source& random);

/// A new key and its certificate. Throws std::invalid_argument if the name is
/// not a host's, `valid` is under one day, the authority's certificate has
/// expired, or `authority` is not its key.
host_credentials
issue_host_certificate(const private_key& authority,
                       std::string_view authority_pem, std::string_view name,
                       host_role role,
                       std::chrono::system_clock::time_point now,
                       std::chrono::days valid, const random_source& random);

/// Name and role as the certificate (DER) states them. Does not check who
/// signed it: TLS has done that. Throws std::invalid_argument.
host_identity read_host_certificate(std::span<const std::byte> der);

/// The contents of a host's certificate, for display.
struct certificate_facts {
  host_identity host;
  std::string cluster; ///< 16 hexadecimal digits
  std::chrono::system_clock::time_point begin;
  std::chrono::system_clock::time_point end;
};

/// Throws std::invalid_argument, as read_host_certificate does.
certificate_facts read_certificate_facts(std::span<const std::byte> der);

/// Checks that certificate, key and authority belong together and are valid
/// now, so that a wrong folder is reported at start, not at the first
/// connection. Throws std::runtime_error that says what is wrong (with the
/// dates, if a certificate is not valid now).
host_identity check_host_credentials(const host_credentials& credentials,
                                     std::chrono::system_clock::time_point now);

} // namespace chancery::crypto
