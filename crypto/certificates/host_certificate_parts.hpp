// SPDX-License-Identifier: Apache-2.0
#pragma once

// What issuing and checking certificates share, for host_certificate.cpp and
// host_certificate_check.cpp only. Botan's names are declared and not
// included, as in botan_keys.hpp.

#include "crypto/certificates/host_certificate.hpp"
#include "crypto/keys/key.hpp"

#include <chrono>
#include <cstddef>
#include <span>
#include <string>

namespace Botan {
class X509_Certificate;
} // namespace Botan

namespace chancery::crypto {

/// The one extended key usage of a role, by Botan's name for it.
std::string purpose_of(host_role role);

/// Throws std::invalid_argument unless it is one certificate in DER and
/// nothing else.
Botan::X509_Certificate parse_certificate(std::span<const std::byte> der);

/// Its key, which is on P-256 as all of a cluster are. Throws
/// std::invalid_argument.
public_key key_of(const Botan::X509_Certificate& certificate);

/// RFC 3339.
std::string time_text(std::chrono::system_clock::time_point time);

} // namespace chancery::crypto
