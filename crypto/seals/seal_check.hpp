// SPDX-License-Identifier: Apache-2.0
#pragma once

// Judges a seal: a JWS in compact or flattened JSON serialization by the rules
// of JAdES B-B and B-T (crypto/README.md, Seals), whoever made it. Nothing is
// looked up anywhere: what is not given is not known, and the report says so.
// Pure function; any thread.

#include "crypto/certificates/certificate.hpp"
#include "crypto/certificates/revocation_list.hpp"
#include "crypto/seals/seal_report.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace chancery::crypto {

struct seal_check_options {
  std::vector<certificate> roots;         ///< that are trusted
  std::vector<revocation_list> lists;     ///< of revoked certificates
  std::int64_t at = 0;                    ///< seconds since 1970
  bool at_signing_time = false;           ///< believe the signer's iat instead
  std::optional<std::string_view> record; ///< what a detached seal signs
};

/// The certificate is judged at the time of the earliest token that is trusted;
/// without one at iat, if that is believed and there; else at `at`. A record
/// that is given must be the one inside, if there is one. Throws
/// std::runtime_error when a library fails; never for what `text` says.
seal_report check_seal(std::string_view text,
                       const seal_check_options& options);

} // namespace chancery::crypto
