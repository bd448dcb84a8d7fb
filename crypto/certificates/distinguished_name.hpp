// SPDX-License-Identifier: Apache-2.0
#pragma once

// The name of a subject or an issuer in a certificate: for people (RFC 4514),
// and for Botan. For .cpp files of crypto/certificates. Pure functions; any
// thread.

#include <cstddef>
#include <span>
#include <string>

namespace Botan {
class X509_DN;
} // namespace Botan

namespace chancery::crypto {

/// "CN=Seal 0001,organizationIdentifier=VATEE-123456789,O=Trial AS,C=EE": the
/// last part of the DER is first. Parts of one set are joined by '+'. Special
/// and control characters, and such as turn the direction of writing, are
/// quoted (RFC 4514 2.4); a value that is no text is '#' and its DER in
/// hexadecimal. Throws std::invalid_argument for what is no name.
std::string name_text(std::span<const std::byte> der);

/// Throws std::invalid_argument for what is no name.
Botan::X509_DN to_botan_name(std::span<const std::byte> der);

} // namespace chancery::crypto
