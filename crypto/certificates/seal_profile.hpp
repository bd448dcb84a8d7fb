// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a certificate of others must state to serve for seals, and what
// validators will complain about (EN 319 412-3; ETSI TS 119 182-1 leaves the
// certificate to it). Who signed it is judged in certificate_path.hpp. Pure
// function; any thread.

#include "crypto/certificates/certificate.hpp"

#include <string>
#include <vector>

namespace chancery::crypto {

struct profile_finding {
  std::string refusal; ///< a sentence about "it"; empty when it can be used
  std::vector<std::string> warnings; ///< such as "no key usage"
};

profile_finding check_seal_profile(const certificate& leaf);

} // namespace chancery::crypto
