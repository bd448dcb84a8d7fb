// SPDX-License-Identifier: Apache-2.0
#pragma once

// Shared by host_certificate.cpp (issuing) and host_certificate_check.cpp only.
// Botan's types are declared instead of included, as in botan_keys.hpp.

#include "crypto/certificates/host_certificate.hpp"
#include "crypto/keys/key.hpp"

#include <chrono>
#include <cstddef>
#include <span>
#include <string>

namespace Botan {
class ASN1_Time;
class X509_Certificate;
using X509_Time = ASN1_Time;
} // namespace Botan

namespace chancery::crypto {

/// A role's only extended key usage, as Botan names it.
std::string purpose_of(host_role role);

/// Throws std::invalid_argument unless `der` is exactly one certificate.
Botan::X509_Certificate parse_certificate(std::span<const std::byte> der);

/// The certificate's key. Throws std::invalid_argument unless it is on P-256,
/// as all keys of a cluster are.
public_key key_of(const Botan::X509_Certificate& certificate);

/// As time_in_words (crypto/base/timestamp.hpp).
std::string time_text(std::chrono::system_clock::time_point time);

/// Its last moment for all that is later.
std::chrono::system_clock::time_point moment_of(const Botan::X509_Time& time);

} // namespace chancery::crypto
