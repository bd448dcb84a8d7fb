// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the .cpp files of crypto/certificates share about certificates and
// lists of others. Botan's types are declared instead of included, as in
// botan_keys.hpp.

#include "crypto/certificates/certificate.hpp"

#include <cstdint>
#include <span>
#include <string>

namespace Botan {
class ASN1_Time;
class Extensions;
class X509_Certificate;
using X509_Time = ASN1_Time;
} // namespace Botan

namespace chancery::crypto {

/// Lives as long as `of`.
const Botan::X509_Certificate& to_botan(const certificate& of);

/// Since 1970; certificates may state years that a time_point does not hold.
std::int64_t seconds_of(const Botan::X509_Time& time);

/// Lower case, two digits a byte.
std::string hex_text(std::span<const std::uint8_t> bytes);

/// Throws std::invalid_argument that names the owner when two extensions are
/// of the same kind (RFC 5280 4.2).
void require_distinct(const Botan::Extensions& extensions, const char* owner);

} // namespace chancery::crypto
