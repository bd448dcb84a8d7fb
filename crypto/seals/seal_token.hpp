// SPDX-License-Identifier: Apache-2.0
#pragma once

// A token of a time-stamping authority (RFC 3161 2.4.2) over a text. Checked
// are its imprint of the text, its signature, and that its signer's
// certificate, which has to be inside, is for time stamping alone (RFC
// 3161 2.3) and valid at the token's time. Not checked: the authority's policy,
// and whether its certificate was revoked. Pure function; any thread.

#include "crypto/certificates/certificate.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace chancery::crypto {

struct token_finding {
  std::string fault;       ///< a sentence; empty when the token holds
  std::int64_t time = 0;   ///< seconds since 1970, when it holds
  bool is_trusted = false; ///< its signer's chain leads to one of the roots
};

/// `der` is the token, a ContentInfo, and not a TimeStampResp. Imprints are
/// taken with SHA-256, SHA-384 and SHA-512. Throws std::runtime_error when
/// memory is lacking.
token_finding check_token(std::span<const std::byte> der,
                          std::string_view stamped,
                          std::span<const certificate> roots);

} // namespace chancery::crypto
