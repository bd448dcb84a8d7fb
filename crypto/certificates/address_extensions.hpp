// SPDX-License-Identifier: Apache-2.0
#pragma once

// Two extensions that Botan reads, but cannot write: where the issuer's
// certificate is (AIA caIssuers, RFC 5280 4.2.2.1), and where its list of
// revocations is (CRL distribution points, 4.2.1.13). For .cpp files of
// crypto/certificates. Pure function; any thread.

#include <string>

namespace Botan {
class Extensions;
} // namespace Botan

namespace chancery::crypto {

/// Adds those whose address is not empty. Throws std::invalid_argument for an
/// address that is not an http, https or ldap URL in ASCII.
void add_addresses(Botan::Extensions& to, const std::string& issuer_url,
                   const std::string& list_url);

} // namespace chancery::crypto
