// SPDX-License-Identifier: Apache-2.0
#pragma once

// A request for a certificate (PKCS#10, RFC 2986), which an authority of others
// answers. It asks for the key usage of a seal, non-repudiation alone; the
// authority decides. Pure function; any thread.

#include "crypto/base/random.hpp"
#include "crypto/keys/key.hpp"

#include <cstddef>
#include <span>
#include <string>

namespace chancery::crypto {

/// PEM ("CERTIFICATE REQUEST"), signed by the key itself. `subject` is DER, as
/// subject_template fills it; throws std::invalid_argument for anything else.
std::string make_certificate_request(const private_key& key,
                                     std::span<const std::byte> subject,
                                     const random_source& random);

} // namespace chancery::crypto
