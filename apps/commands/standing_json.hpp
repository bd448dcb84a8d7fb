// SPDX-License-Identifier: Apache-2.0
#pragma once

// How answers show a key's certificate. Pure functions; any thread.

#include "apps/certificates/seal_folder.hpp"

#include <nlohmann/json_fwd.hpp>

#include <string>

namespace chancery::apps {

/// Members state, subject, issuer, serial, valid_from, valid_until, thumbprint
/// (as x5t#S256 has it), revocation_known, and why when it does not serve now;
/// the state alone when there is none.
nlohmann::ordered_json certificate_json(const key_standing& standing);

/// The end of the certificate, "2028-11-30T12:00:00Z". Call it only for one.
std::string end_text(const key_standing& standing);

/// base64url of SHA-256 of the DER.
std::string thumbprint_text(const crypto::certificate& leaf);

} // namespace chancery::apps
