// SPDX-License-Identifier: Apache-2.0
#pragma once

// Whether a certificate leads to a root that is trusted (RFC 5280 section 6.1):
// each certificate signed by the next, which is an authority and may sign
// certificates; names, path lengths, name constraints and critical extensions
// respected; RSA keys of 2048 bits or more, elliptic curves of 224 or more, no
// MD5. Not judged: policies, what the leaf may be used for, OCSP, and how old a
// list of revocations is.
//
// Issuers and roots may come in any order, several times, with equal names, and
// certify each other in a circle. What may be tried is limited, so that a
// foreign file cannot make it last. Pure function; any thread.

#include "crypto/certificates/certificate.hpp"
#include "crypto/certificates/path_finding.hpp"
#include "crypto/certificates/revocation_list.hpp"

#include <cstddef>
#include <cstdint>
#include <span>

namespace chancery::crypto {

/// Certificates of a path at most, leaf and root among them.
inline constexpr std::size_t path_length_max = 10;

/// Every certificate of the path must be valid at `at`, in seconds since 1970.
/// A revocation counts from its time on. Roots are self-signed; a leaf that is
/// one of them needs another root that issued it. When several paths lead to
/// roots, one that is valid wins.
path_finding check_path(const certificate& leaf,
                        std::span<const certificate> issuers,
                        std::span<const certificate> roots,
                        std::span<const revocation_list> lists,
                        std::int64_t at);

} // namespace chancery::crypto
