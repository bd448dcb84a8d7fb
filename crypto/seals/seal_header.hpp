// SPDX-License-Identifier: Apache-2.0
#pragma once

// Reads the protected header of a seal by rules 1 to 6 (ETSI TS 119 182-1
// clause 5, RFC 7515 section 4): algorithm, time, references to the signer's
// certificate, the certificates themselves, critical members, and what is said
// of content outside of the seal. Dates and trust are judged elsewhere. Pure
// function; any thread.

#include "crypto/base/curve.hpp"
#include "crypto/certificates/certificate.hpp"
#include "crypto/seals/seal_report.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace chancery::crypto {

/// Limits: bytes of a header's JSON, and certificates in it.
inline constexpr std::size_t seal_header_size_max = 65'536;
inline constexpr std::size_t seal_chain_max = 10;

/// Content outside of the seal (sigD, 5.2.8).
struct seal_content {
  enum class kind : std::uint8_t {
    by_uri,      ///< the payload is the content itself
    by_uri_hash, ///< the payload is empty, and the header has its digest
    other,       ///< several pieces, or a mechanism that is not read
  };
  kind mechanism = kind::other;
  std::string algorithm; ///< of by_uri_hash: as seal_digest takes it
  std::string digest;    ///< its bytes
};

struct seal_header {
  std::optional<curve> algorithm; ///< none when rule 1 does not hold
  bool is_processable = true;     ///< what `crit` demands (RFC 7515 4.1.11)
  bool is_encoded = true;         ///< the payload is base64url (RFC 7797)
  std::optional<std::int64_t> signed_at; ///< seconds since 1970
  /// valid (nothing is known against it), absent, mismatch or malformed.
  seal_certificate reference = seal_certificate::absent;
  std::vector<certificate> chain; ///< x5c, the signer's first
  std::optional<seal_content> content;
  bool has_policy_digest = false; ///< of sigPId
};

/// `has_payload`: whether the seal has a payload inside. Adds what fails to
/// `failures`. A header that cannot be read is searched for certificates only.
seal_header read_seal_header(std::string_view protected_part, bool has_payload,
                             rule_failures& failures);

} // namespace chancery::crypto
